package dev.adpipe.output;

import dev.adpipe.runtime.Books;

/**
 * What a task of the output job keeps count of: its events in the books, its rows, and what was noticed of them, which the
 * container's metrics learn once it is committed. Used by the container's thread.
 */
final class TaskTally {
    private final RowTotals totals;
    private final OutputCounts counts;
    private final Books books;
    /** Since the last commit. */
    private final RowNotes notes = new RowNotes();

    private long madeBefore;
    private long sentBefore;
    private long newestTime = Long.MIN_VALUE;

    /**
     * @param totals counted by whoever makes and sends the rows
     */
    TaskTally(RowTotals totals, OutputCounts counts, Books books) {
        this.totals = totals;
        this.counts = counts;
        this.books = books;
        this.madeBefore = totals.made();
        this.sentBefore = totals.sent();
    }

    void emitted() {
        books.countIn();
        books.countEmitted();
    }

    /** Counts a record's events as dead letters. */
    void deadLettered(int events, String reason) {
        for (int n = 0; n < events; n++) {
            books.countIn();
            books.countDeadLettered(reason);
        }
    }

    void noticed(RowNotes more) {
        notes.add(more);
    }

    /**
     * @param time of an event that became a row, milliseconds since the epoch
     */
    void time(long time) {
        newestTime = Math.max(newestTime, time);
    }

    RowTotals totals() {
        return totals;
    }

    Books books() {
        return books;
    }

    /** Newest time since the last commit; {@code Long.MIN_VALUE} if there is none. */
    long newestTime() {
        return newestTime;
    }

    void committed() {
        counts.count(notes);
        notes.clear();
        counts.rows().count(totals.made() - madeBefore, totals.sent() - sentBefore);
        madeBefore = totals.made();
        sentBefore = totals.sent();
        newestTime = Long.MIN_VALUE;
    }
}
