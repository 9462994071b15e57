package dev.adpipe.output;

/**
 * Which rows are made, by their time: a replay reads more events than those it makes rows of. An event whose row is outside
 * is passed over before it is counted, so the books are those of the rows inside.
 *
 * @param from milliseconds since the epoch
 * @param to   the first millisecond that is not inside any more
 */
public record RowRange(long from, long to) {
    /** Every row. */
    public static final RowRange ALL = new RowRange(Long.MIN_VALUE, Long.MAX_VALUE);

    boolean contains(long time) {
        return from <= time && (time < to || to == Long.MAX_VALUE);
    }
}
