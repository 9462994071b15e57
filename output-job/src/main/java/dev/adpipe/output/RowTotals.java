package dev.adpipe.output;

/**
 * How many rows a partition's task has made, and how many it has sent after adding them up, since its pipeline was
 * provisioned. Committed with the offset, so exact whatever was killed. Used by the container's thread.
 */
public final class RowTotals {
    private static final String NAME = "rows=";

    private long made;
    private long sent;

    /**
     * @param metadata what {@link #encode} gave; empty, or anything else that is no totals: they begin at 0
     */
    public static RowTotals parse(String metadata) {
        RowTotals totals = new RowTotals();
        if (metadata.startsWith(NAME)) {
            String[] numbers = metadata.substring(NAME.length()).split("/", -1);
            totals.made = Long.parseLong(numbers[0]);
            totals.sent = Long.parseLong(numbers[1]);
        }
        return totals;
    }

    public String encode() {
        return NAME + made + "/" + sent;
    }

    void made(int rows) {
        made += rows;
    }

    void sent(int rows) {
        sent += rows;
    }

    public long made() {
        return made;
    }

    public long sent() {
        return sent;
    }
}
