package dev.adpipe.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@code main} in a process of its own, again and again: killed, frozen, told to end, started
 * anew. Started and ended under a lock, so that a signal never goes to a process that is already another one. Thread-safe.
 */
public final class JavaProcess implements AutoCloseable {
    /** Of a process that is small and quick to start: there are many of them on few cores. */
    public static final String QUICK = "-XX:TieredStopAtLevel=1";

    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    /** The launcher gives them to us. */
    private static final List<String> QUICKENING =
            List.of("-XX:SharedArchiveFile=", "-Xshare:", "-Xlog:cds", "-Djava.library.path=");

    private final String name;
    private final String classPath;
    private final List<String> options;
    private final List<String> command;
    private final Path log;
    private Process process;

    /**
     * With our own class path.
     *
     * @param options of Java, those that every process gets aside
     * @param command main class and its arguments
     * @param log     file that its output is appended to
     */
    public JavaProcess(String name, List<String> options, List<String> command, Path log) {
        this(name, System.getProperty("java.class.path"), with(startOptions(ownOptions()), options), command, log);
    }

    private static List<String> ownOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** Those by which Java starts quicker; they fit our own class path. */
    static List<String> startOptions(List<String> options) {
        return options.stream()
                .filter(option -> QUICKENING.stream().anyMatch(option::startsWith))
                .toList();
    }

    private static List<String> with(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** With another class path. */
    public JavaProcess(String name, String classPath, List<String> options, List<String> command, Path log) {
        this.name = name;
        this.classPath = classPath;
        this.options = List.copyOf(options);
        this.command = List.copyOf(command);
        this.log = log;
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public synchronized void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(name + " runs already, as process " + process.pid());
        }
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(OPTIONS);
        words.addAll(options);
        words.add("-cp");
        words.add(classPath);
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

    public synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    public synchronized long pid() {
        return process.pid();
    }

    /** Of the process that has ended. */
    public synchronized int exitCode() {
        return process.exitValue();
    }

    /** SIGKILL, also of one that is frozen; returns when it is gone. */
    public synchronized void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        await(Duration.ofSeconds(30), "SIGKILL");
    }

    /** SIGTERM; returns the exit code. */
    public int terminate(Duration patience) {
        synchronized (this) {
            process.destroy();
        }
        await(patience, "SIGTERM");
        return exitCode();
    }

    /** SIGSTOP: it stands still in the middle of whatever it does. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
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
