package dev.adpipe.local.demo;

import java.util.Locale;

/** The demos' metrics, under the names of their columns; amounts of money count in millionths, so that sums are exact. */
public enum Metric {
    OFFERED(1),
    BIDS(1),
    BID_CPM(1_000_000),
    IMPRESSIONS(1),
    CLICKS(1),
    CONVERSIONS(1),
    SPEND(1_000_000),
    SPEND_CPM(1_000_000),
    REVENUE(1_000_000);

    private final long scale;

    Metric(long scale) {
        this.scale = scale;
    }

    /** What one unit of the column counts as. */
    long scale() {
        return scale;
    }

    /** Whether it counts rows, and is no amount of money. */
    boolean isCount() {
        return scale == 1;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return scale == 1 ? column() : column() + " in millionths";
    }
}
