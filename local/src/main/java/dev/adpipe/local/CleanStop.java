package dev.adpipe.local;

/** For commands that run until a signal ends them: that is success, not the signal's exit code. */
public final class CleanStop {
    private CleanStop() {}

    /**
     * Ctrl-C and SIGTERM from now on call {@code stop} and end the process with 0.
     *
     * @return what {@link #remove} takes when the command ends by itself, or its exit code would be 0 too
     */
    public static Thread onSignal(Runnable stop) {
        Thread hook = new Thread(
                () -> {
                    stop.run();
                    Runtime.getRuntime().halt(ExitCode.OK);
                },
                "adpipe-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }

    /** Does not return if the process is ending already: the hook ends it. */
    public static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            Pause.forever();
        }
    }
}
