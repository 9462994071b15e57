package dev.adpipe.local;

import java.util.Locale;

/** Which log a replay reads. */
enum ReplaySource {
    /** The pipeline's own shuffled events and ticks: what the live join has seen, in its order. */
    SHUFFLED,
    /** The raw topics, shuffled once more. */
    RAW;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
