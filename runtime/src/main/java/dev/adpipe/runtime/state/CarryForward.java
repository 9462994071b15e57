package dev.adpipe.runtime.state;

/**
 * How much of the log's old end is written again at its new end in one transaction.
 *
 * <p>Length: a key is carried when the log since it became complete is longer than twice the records that live state needs
 * at least (one per key, one of the task's own), plus a thousand so that small states are left alone. At that length half
 * of the log is waste or more, so a key is carried at most once for every two records it lets go, and the log settles near
 * this length.
 *
 * <p>Bound: a transaction that writes n changes moves the log's end by n, the task's record, the commit marker and what it
 * carries. Of the records that thereby become too old at most half are needed on the average, so n + 2 + carried records
 * call for about n + 2 to be carried: 2n keeps up and has as much again to catch up with. The floor of a hundred makes a
 * task with little or no input progress by a hundred keys for each transaction, though that transaction adds two records
 * to the log whatever happens. The same holds for bytes, with a floor of one mebibyte. At least one key is carried, however
 * large.
 *
 * @param line     keys complete from before this offset are too old
 * @param maxKeys  in this transaction
 * @param maxBytes in this transaction
 */
record CarryForward(long line, long maxKeys, long maxBytes) {
    private static final long SLACK_RECORDS = 1_000;
    private static final long FLOOR_KEYS = 100;
    private static final long FLOOR_BYTES = 1L << 20;

    /**
     * @param logEnd       next offset after the last committed transaction
     * @param liveKeys     committed
     * @param changes      keys that this transaction changes anyway
     * @param changedBytes of them
     */
    static CarryForward plan(long logEnd, long liveKeys, long changes, long changedBytes) {
        return new CarryForward(
                logEnd - 2 * (liveKeys + 1) - SLACK_RECORDS,
                Math.max(FLOOR_KEYS, 2 * changes),
                Math.max(FLOOR_BYTES, 2 * changedBytes));
    }

    boolean tooOld(long completeFrom) {
        return completeFrom < line;
    }

    boolean room(long keys, long bytes) {
        return keys < maxKeys && bytes < maxBytes;
    }
}
