package dev.adpipe.local.guarantee;

import dev.adpipe.local.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One job in a process of its own, as in production, and whether it is meant to run now: what is meant to run and does not
 * has ended by itself. Thread-safe.
 */
final class JobProcess implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

    private final String stage;
    private final String instance;
    private final JavaProcess process;
    private boolean wanted;

    /**
     * @param main       its main class, by {@link #mainOf} unless a test puts a defect in
     * @param definition the pipeline as this stage is to see it
     * @param options    of Java
     */
    JobProcess(String stage, String instance, String main, Path definition, Path dir, List<String> options) {
        this.stage = stage;
        this.instance = instance;
        this.process = new JavaProcess(
                stage + "-" + instance,
                options,
                List.of(main, definition.toString(), "--instance", instance),
                dir.resolve(stage + "-" + instance + ".log"));
    }

    /** The main class of a stage. */
    static String mainOf(String stage) {
        return "dev.adpipe." + stage + "." + stage.substring(0, 1).toUpperCase(Locale.ROOT) + stage.substring(1)
                + "Main";
    }

    String stage() {
        return stage;
    }

    String instance() {
        return instance;
    }

    String name() {
        return process.name();
    }

    Path log() {
        return process.log();
    }

    long pid() {
        return process.pid();
    }

    synchronized void start() {
        if (!process.alive()) {
            process.start();
        }
        wanted = true;
    }

    /** SIGKILL. */
    synchronized void kill() {
        wanted = false;
        process.kill();
    }

    void freeze() {
        process.freeze();
    }

    void thaw() {
        process.thaw();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() {
        synchronized (this) {
            wanted = false;
        }
        return process.terminate(ENDS_WITHIN);
    }

    /** Whether it is meant to run. */
    synchronized boolean wanted() {
        return wanted;
    }

    /** Whether it has ended by itself. */
    synchronized boolean fallen() {
        return wanted && !process.alive();
    }

    int exitCode() {
        return process.exitCode();
    }

    @Override
    public synchronized void close() {
        wanted = false;
        process.close();
    }
}
