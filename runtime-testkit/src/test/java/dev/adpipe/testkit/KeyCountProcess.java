package dev.adpipe.testkit;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.PipelineSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A container with a {@link KeyCountJob} in a process of its own, so that it can be killed and stopped for good. */
final class KeyCountProcess implements AutoCloseable {
    private final Path log;
    private final Process process;

    /**
     * @param harness says pipeline, folders and settings
     */
    KeyCountProcess(ContainerHarness harness, String instance) {
        // Not in the test's temporary folder: it is wanted most when a test has failed.
        log = Path.of("target", "processes", harness.pipeline + "-" + instance + "-" + System.nanoTime() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KeyCountProcess.class.getName(),
                ContainerHarness.kafka.bootstrapServers(),
                harness.pipeline,
                instance,
                harness.stateDir.toString(),
                Integer.toString(harness.standbys),
                Long.toString(harness.transactionTimeout.toMillis())));
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process itself; a record {@code hold} stops its thread for good, unless it has stopped another one's before. */
    public static void main(String[] args) {
        PipelineSettings pipeline = new PipelineSettings(
                "acme",
                args[1],
                Map.of("bootstrap.servers", args[0]),
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofSeconds(60),
                Duration.ofMillis(Long.parseLong(args[5])),
                Path.of(args[3]),
                64 << 20,
                1 << 20,
                0,
                Integer.parseInt(args[4]));
        ContainerSettings settings = ContainerHarness.settings(pipeline, args[2], 0, false);
        KeyCountJob job = new KeyCountJob("acme." + args[1] + ".joined");
        job.hold.set(() -> holdIfFirst(Path.of(args[3], "held")));
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        process.start(resources -> new Container(settings, job, Clock.SYSTEM, resources));
        System.exit(process.runUntilSignal());
    }

    private static void holdIfFirst(Path mark) {
        try {
            Files.createFile(mark);
            System.out.println("HOLDING");
            new CountDownLatch(1).await();
        } catch (FileAlreadyExistsException e) {
            System.out.println("Held by another before");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("did not end within 30 s of SIGTERM: " + log());
        }
        return process.exitValue();
    }

    /** SIGSTOP, SIGCONT. */
    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
