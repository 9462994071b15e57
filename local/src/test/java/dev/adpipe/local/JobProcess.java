package dev.adpipe.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One job in a process of its own, as in production; killed with SIGKILL or told to end with SIGTERM. */
final class JobProcess implements AutoCloseable {
    private final String stage;
    private final Path definition;
    private final Path log;
    private Process process;

    /**
     * @param stage {@code shuffle}, {@code join} or {@code output}
     * @param log   file that its output is appended to
     */
    JobProcess(String stage, Path definition, Path log) {
        this.stage = stage;
        this.definition = definition;
        this.log = log;
    }

    String stage() {
        return stage;
    }

    void start() {
        String main = "dev.adpipe." + stage + "." + stage.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + stage.substring(1) + "Main";
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            main,
                            definition.toString(),
                            "--instance",
                            "a")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException(stage + " did not end within 60 s of SIGTERM, see " + log);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
