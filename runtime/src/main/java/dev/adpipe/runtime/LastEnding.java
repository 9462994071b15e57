package dev.adpipe.runtime;

/**
 * How the last transaction ended of which something may still be open. Outlives a session: one that fails before it has
 * closed what is open leaves only empty transactions behind, and Kafka no longer knows. Used by the container's thread.
 */
final class LastEnding {
    private Ending unsettled;

    /** To be called before the transactional id is taken over. */
    Ending look(LeftOpen leftOpen) {
        if (unsettled == null) {
            unsettled = leftOpen.before();
        }
        return unsettled;
    }

    /** Nothing is open any more. */
    void settled() {
        unsettled = null;
    }
}
