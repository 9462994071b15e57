package dev.adpipe.local.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code main} of our own class path in a process of its own, again and again: killed, frozen, told to end, started
 * anew. Started and ended under a lock, so that a signal never goes to a process that is already another one. Thread-safe.
 */
final class JavaProcess implements AutoCloseable {
    /** Of a process that is small and quick to start: there are many of them on few cores. */
    static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private final String name;
    private final List<String> options;
    private final List<String> command;
    private final Path log;
    private Process process;

    /**
     * @param options of Java, those that every process gets aside
     * @param command main class and its arguments
     * @param log     file that its output is appended to
     */
    JavaProcess(String name, List<String> options, List<String> command, Path log) {
        this.name = name;
        this.options = List.copyOf(options);
        this.command = List.copyOf(command);
        this.log = log;
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    synchronized void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(name + " runs already, as process " + process.pid());
        }
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(OPTIONS);
        words.addAll(options);
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.addAll(command);
        try {
            process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    synchronized long pid() {
        return process.pid();
    }

    /** Of the process that has ended. */
    synchronized int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, also of one that is frozen; returns when it is gone. */
    synchronized void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        await(Duration.ofSeconds(30), "SIGKILL");
    }

    /** SIGTERM; returns the exit code. */
    int terminate(Duration patience) {
        synchronized (this) {
            process.destroy();
        }
        await(patience, "SIGTERM");
        return exitCode();
    }

    /** SIGSTOP: it stands still in the middle of whatever it does. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private synchronized void signal(String signal) {
        if (!process.isAlive()) {
            return;
        }
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + signal + " " + process.pid() + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void await(Duration patience, String signal) {
        Process awaited = process;
        try {
            if (!awaited.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        name + " did not end within " + patience.toSeconds() + " s of " + signal + ", see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** At once, whatever it does. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
