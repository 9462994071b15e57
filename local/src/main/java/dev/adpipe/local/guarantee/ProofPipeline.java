package dev.adpipe.local.guarantee;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The pipeline of a run: impressions and clicks. One file per stage, since each reaches Kafka by a way of its own; but for
 * that they are the same.
 */
final class ProofPipeline {
    static final List<String> STAGES = List.of("shuffle", "join", "output");
    static final String IMPRESSIONS = "proof.raw.impressions";
    static final String CLICKS = "proof.raw.clicks";
    /** Of a producer whose clock is fast. */
    static final String CLICKS_AHEAD = "proof.raw.clicks-ahead";

    static final int RAW_PARTITIONS = 3;

    private final Path dir;
    private final PipelineDefinition direct;

    /**
     * @param within         window of clicks after their impression
     * @param skew           tolerance for unequal clocks
     * @param lateness       how far event time may be out of order
     * @param commitInterval of all stages
     * @param partitions     of the pipeline's own topics
     * @param stateMemoryMb  of the join
     * @param standbys       copies of the join's state in other containers
     */
    record Times(
            Duration within,
            Duration skew,
            Duration lateness,
            Duration commitInterval,
            int partitions,
            int stateMemoryMb,
            int standbys) {
        /** Keys die within a quarter of a minute, so deaths and decisions fall into every fault. */
        static Times shortLives() {
            return new Times(
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(4),
                    Duration.ofMillis(200),
                    4,
                    64,
                    0);
        }

        /** For tests: what is undecided at the end is decided soon. */
        static Times shortestLives() {
            return new Times(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(200),
                    4,
                    64,
                    0);
        }

        /** Nothing dies: the state is what was put in. */
        static Times longLives(int standbys) {
            return new Times(
                    Duration.ofDays(1),
                    Duration.ofSeconds(5),
                    Duration.ofHours(1),
                    Duration.ofMillis(200),
                    4,
                    512,
                    standbys);
        }

        Times commitEvery(Duration interval) {
            return new Times(within, skew, lateness, interval, partitions, stateMemoryMb, standbys);
        }
    }

    ProofPipeline(Path dir, BrokerCluster brokers, Times times) {
        this.dir = dir;
        for (String stage : STAGES) {
            write(stage, brokers.front(stage), times);
        }
        direct = DefinitionLoader.load(write("direct", brokers.direct(), times));
    }

    /** The definition for generator, checker and commands: past the proxies. */
    PipelineDefinition direct() {
        return direct;
    }

    Topics topics() {
        return direct.topics();
    }

    Path definition(String stage) {
        return dir.resolve(stage + ".conf");
    }

    /** Where the join's containers keep their local state. */
    Path state() {
        return dir.resolve("state");
    }

    /** That of one of them. */
    Path stateOf(JobProcess join) {
        return state().resolve(direct.customer() + "." + direct.name()).resolve("join-" + join.instance() + "-0");
    }

    private Path write(String name, String bootstrap, Times times) {
        try {
            return Files.writeString(definition(name), text(bootstrap, times));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String bootstrap, Times times) {
        return """
                pipeline {
                  customer = proof
                  name = guarantee
                  kafka.bootstrap.servers = "%s"
                  streams = [
                    { name = impression, topics = ["%s"], format = json
                      key = imp_id, event-id = imp_id, time = { field = timestamp, format = epoch-millis } }
                    { name = click, topics = ["%s", "%s"], format = json
                      key = imp_id, event-id = click_id, time = { field = timestamp, format = epoch-millis }
                      within = %d ms }
                  ]
                  # No stop of a topic or of a stage lasts as long as idle-after: what the run compares must not depend on
                  # the watermark passing what was not read.
                  shuffle { partitions = %d, tick-interval = 250ms, idle-after = 2m, max-skew = 5m }
                  join { lateness = %d ms, skew = %d ms%s }
                  output {
                    dimensions {
                      imp_id = impression.imp_id
                      click_id = click.click_id
                      campaign = impression.campaign
                    }
                    metrics {
                      impressions = { on = impression, value = 1 }
                      clicks = { on = click, value = 1 }
                      price = { on = impression, field = impression.price, type = long }
                    }
                    sink { type = topic }
                  }
                  runtime {
                    commit-interval = %d ms, state-dir = "state", state-memory = %d MiB
                    session-timeout = 6s, transaction-timeout = 5s
                  }
                }
                """.formatted(
                        bootstrap,
                        IMPRESSIONS,
                        CLICKS,
                        CLICKS_AHEAD,
                        times.within().toMillis(),
                        times.partitions(),
                        times.lateness().toMillis(),
                        times.skew().toMillis(),
                        times.standbys() == 0 ? "" : ", standbys = " + times.standbys(),
                        times.commitInterval().toMillis(),
                        times.stateMemoryMb());
    }
}
