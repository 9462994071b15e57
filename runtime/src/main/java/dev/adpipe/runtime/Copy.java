package dev.adpipe.runtime;

/**
 * State of one task, as far as a container has it.
 *
 * @param position next changelog offset to read
 * @param end      where the log ended, as the container itself saw it; -1: it did not look
 */
record Copy(long position, long end) {
    static final Copy NONE = new Copy(0, -1);

    /** Of a running owner: there is nothing that it lacks. */
    static Copy whole(long position) {
        return new Copy(position, position);
    }

    static Copy unseen(long position) {
        return new Copy(position, -1);
    }
}
