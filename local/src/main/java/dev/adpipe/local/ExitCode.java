package dev.adpipe.local;

/** What the process's exit code tells a script. The numbers never change. */
final class ExitCode {
    static final int OK = 0;
    /** What was tried did not work. */
    static final int FAILED = 1;
    /** The command line or the definition is wrong; nothing was tried. */
    static final int USAGE = 2;
    /** It would have done harm; nothing was changed, and the message says what to do. */
    static final int REFUSED = 3;

    private ExitCode() {}
}
