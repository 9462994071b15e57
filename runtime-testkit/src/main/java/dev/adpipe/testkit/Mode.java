package dev.adpipe.testkit;

/** How a {@link TaskDriver} runs a task; the outputs must be the same in all of them. */
public enum Mode {
    /** Many records in one transaction, which is committed when something is asked for. */
    STRAIGHT,
    /**
     * Commit after every record, and open the task anew: in turn from its intact local state, from local state that was
     * killed between the commit and its own write, and from the changelog alone.
     */
    REOPEN,
    /**
     * After every record abort, open the task anew from what is committed, process the record again, and commit. In turn the
     * abort comes before the changelog is written, after it, and as a crash.
     */
    ABORT
}
