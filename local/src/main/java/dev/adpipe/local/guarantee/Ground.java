package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** What faults strike: brokers, jobs, local state. Used by the thread that does the faults. */
final class Ground {
    private static final Duration JOINS_WITHIN = Duration.ofSeconds(30);

    private final BrokerCluster brokers;
    private final Jobs jobs;
    private final ProofPipeline pipeline;
    private final JobMaker maker;
    private final Kafka kafka;
    private final Random random;

    /** Makes a job's process, not started. */
    interface JobMaker {
        JobProcess make(String stage, String instance);
    }

    Ground(BrokerCluster brokers, Jobs jobs, ProofPipeline pipeline, JobMaker maker, Kafka kafka, Random random) {
        this.brokers = brokers;
        this.jobs = jobs;
        this.pipeline = pipeline;
        this.maker = maker;
        this.kafka = kafka;
        this.random = random;
    }

    BrokerCluster brokers() {
        return brokers;
    }

    Jobs jobs() {
        return jobs;
    }

    ProofPipeline pipeline() {
        return pipeline;
    }

    Random random() {
        return random;
    }

    String anyStage() {
        return ProofPipeline.STAGES.get(random.nextInt(ProofPipeline.STAGES.size()));
    }

    /** From this many milliseconds to one less than that many. */
    long between(int from, int to) {
        return (long) from + random.nextInt(to - from);
    }

    /** Starts a second process of the stage; returns when it has its share of the partitions, or a while has passed. */
    JobProcess second(String stage) {
        JobProcess second = jobs.all().stream()
                .filter(job -> job.name().equals(stage + "-b"))
                .findFirst()
                .orElseGet(() -> {
                    JobProcess made = maker.make(stage, "b");
                    jobs.add(made);
                    return made;
                });
        second.start();
        String group = pipeline.topics().group(stage);
        try (Admin admin = kafka.admin()) {
            Wait.becomes(JOINS_WITHIN, () -> sharing(admin, group) >= 2);
        }
        return second;
    }

    /** How many members of the group have partitions. */
    private static long sharing(Admin admin, String group) {
        try {
            return admin
                    .describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(5, TimeUnit.SECONDS)
                    .members()
                    .stream()
                    .filter(m -> !m.assignment().topicPartitions().isEmpty())
                    .count();
        } catch (ExecutionException | TimeoutException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
