package dev.adpipe.runtime;

/** Why a container ended, and the exit code of its process. */
public enum ExitReason {
    /** It was asked to. */
    STOPPED(0),
    /** Something unforeseen; the work is at the last commit, a restart goes on from there. */
    FAILED(1),
    /** Something that a restart does not mend; the message says what to do. */
    REFUSED(3),
    /** Another process has this container's name. */
    NAME_TAKEN(4);

    private final int exitCode;

    ExitReason(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
