package dev.adpipe.local.guarantee;

import dev.adpipe.local.Provisioner;
import dev.adpipe.local.process.JavaProcess;
import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;

/**
 * Brokers and jobs as processes, in a folder: everything that a run or a measurement is done on. All processes end with
 * {@link #close}, or with ours if that is told to end.
 */
final class Theatre implements AutoCloseable {
    private final Path dir;
    private final boolean ours;
    private final Thread hook = new Thread(this::end, "guarantee-end");
    private final BrokerCluster brokers;
    private final ProofPipeline pipeline;
    private final Kafka kafka;
    private final Jobs jobs = new Jobs();
    private final Map<String, String> mains;
    private final Heaps heaps;

    /**
     * How large the processes are.
     *
     * @param broker megabytes of Java heap, as join and other
     * @param quick  jobs are compiled quickly rather than well: for runs in which they start all the time
     */
    record Heaps(int broker, int join, int other, boolean quick) {
        static final Heaps SMALL = new Heaps(400, 256, 256, true);
        static final Heaps FULL = new Heaps(768, 1024, 512, false);
    }

    /**
     * Starts brokers, and provisions; starts no job.
     *
     * @param folder empty: a temporary one
     */
    Theatre(Optional<Path> folder, int brokerCount, ProofPipeline.Times times, Heaps heaps, Map<String, String> mains) {
        this.ours = folder.isEmpty();
        this.dir = folder.map(Theatre::emptied).orElseGet(Theatre::temporary);
        this.heaps = heaps;
        this.mains = mains;
        this.brokers = new BrokerCluster(dir, brokerCount, ProofPipeline.STAGES, new Ports(), heaps.broker());
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            this.kafka = new Kafka(brokers.direct());
            this.pipeline = new ProofPipeline(dir, brokers, times);
            kafka.createRaw(
                    List.of(ProofPipeline.IMPRESSIONS, ProofPipeline.CLICKS, ProofPipeline.CLICKS_AHEAD),
                    ProofPipeline.RAW_PARTITIONS,
                    brokerCount);
            try (Admin admin = kafka.admin()) {
                new Provisioner(pipeline.direct(), admin, line -> {})
                        .provision(Provisioner.Options.local(ProofPipeline.RAW_PARTITIONS));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    Path dir() {
        return dir;
    }

    BrokerCluster brokers() {
        return brokers;
    }

    ProofPipeline pipeline() {
        return pipeline;
    }

    Kafka kafka() {
        return kafka;
    }

    Jobs jobs() {
        return jobs;
    }

    /** One process of each stage, started. */
    void startJobs() {
        ProofPipeline.STAGES.forEach(this::startJob);
    }

    /** One process of the stage. */
    void startJob(String stage) {
        JobProcess job = make(stage, "a");
        jobs.add(job);
        job.start();
    }

    Ground ground(Random random) {
        return new Ground(brokers, jobs, pipeline, this::make, kafka, random);
    }

    private JobProcess make(String stage, String instance) {
        String heap = "-Xmx" + (stage.equals("join") ? heaps.join() : heaps.other()) + "m";
        return new JobProcess(
                stage,
                instance,
                mains.getOrDefault(stage, JobProcess.mainOf(stage)),
                pipeline.definition(stage),
                dir,
                heaps.quick() ? List.of(heap, JavaProcess.QUICK) : List.of(heap));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("adpipe-guarantee-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path emptied(Path dir) {
        try {
            Files.createDirectories(dir);
            try (var content = Files.list(dir)) {
                if (content.findAny().isPresent()) {
                    throw dev.adpipe.local.CommandException.refused(
                            "--dir = " + dir + ": the folder is not empty; name a new or an empty one");
                }
            }
            return dir.toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends all processes and takes the folder away, if it is not the user's. */
    void clear() {
        close();
        if (ours) {
            try {
                StateFault.delete(dir);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void end() {
        jobs.close();
        brokers.close();
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook with it.
        }
    }
}
