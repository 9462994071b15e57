package dev.adpipe.local;

/** For commands that run until a signal ends them: that is success, not the signal's exit code. */
final class CleanStop {
    private CleanStop() {}

    /** Ctrl-C and SIGTERM from now on call {@code stop} and end the process with 0. */
    static void onSignal(Runnable stop) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.run();
                            Runtime.getRuntime().halt(ExitCode.OK);
                        },
                        "adpipe-stop"));
    }

    /** Does not return if the process is ending already: the hook ends it. */
    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            Pause.forever();
        }
    }
}
