package dev.adpipe.output;

import java.util.concurrent.atomic.LongAdder;

/** Rows of a container since its process began. Counted by its thread, when the rows are committed; read by any. */
final class RowCounts {
    private final LongAdder made = new LongAdder();
    private final LongAdder sent = new LongAdder();

    void count(long moreMade, long moreSent) {
        made.add(moreMade);
        sent.add(moreSent);
    }

    long made() {
        return made.sum();
    }

    long sent() {
        return sent.sum();
    }
}
