package dev.adpipe.schemas.definition;

import java.time.Duration;

/**
 * The block {@code join}.
 *
 * @param lateness          how far the watermark stays behind the slowest stream
 * @param skew              tolerance for unequal clocks of the streams' producers
 * @param orphans           what becomes of an event whose parent never came
 * @param maxEventsPerKey   more of one stream under one key end as {@code flood}
 * @param maxKeyLife        a key is closed when the watermark passes its smallest event time by this; more than all
 *                          windows together
 * @param firstEventTimeout how long a stream that never had an event holds the watermark back
 * @param standbys          warm copies of each task's state in other containers; 0: none
 */
public record JoinSettings(
        Emit emit,
        Duration lateness,
        Duration skew,
        Orphans orphans,
        int maxEventsPerKey,
        Duration maxKeyLife,
        Duration firstEventTimeout,
        int standbys) {

    /** Without standbys. */
    public JoinSettings(
            Emit emit,
            Duration lateness,
            Duration skew,
            Orphans orphans,
            int maxEventsPerKey,
            Duration maxKeyLife,
            Duration firstEventTimeout) {
        this(emit, lateness, skew, orphans, maxEventsPerKey, maxKeyLife, firstEventTimeout, 0);
    }

    /** {@code eager | on-close}. */
    public enum Emit {
        EAGER,
        ON_CLOSE
    }

    /** {@code drop | emit}: to {@code <p>.unmatched}, or joined without ancestors. */
    public enum Orphans {
        DROP,
        EMIT
    }
}
