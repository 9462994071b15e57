package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.runtime.Books;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real log, in a customer's own field names, through {@code examples/open-bandit.conf} and the commands a user types:
 * whatever the order of arrival, the counts are exactly those of {@code truth.json}, in all and per item.
 */
class OpenBanditIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path DATA =
            ROOT.resolveSibling("shared").resolve("data").resolve("open-bandit");
    private static final int RAW_PARTITIONS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private EmbeddedKafka kafka;
    private Path file;
    private PipelineDefinition definition;
    private PipelineRun jobs;

    @BeforeEach
    void provision() throws IOException {
        assumeTrue(
                Files.isDirectory(DATA),
                "skipped: the Open Bandit sample is not there; it is looked for in ../shared/data/open-bandit beside the"
                        + " checkout");
        kafka = EmbeddedKafka.start(dir.resolve("kafka"));
        file = dir.resolve("open-bandit.conf");
        // The example as it is shipped; the build sets OPEN_BANDIT_ITEMS, the broker's port is known only now.
        Files.writeString(file, """
                include required(file("%s"))
                pipeline.kafka.bootstrap.servers = "%s"
                pipeline.shuffle.idle-after = 3s
                pipeline.runtime.state-dir = "state"
                pipeline.runtime.state-memory = 64MiB
                """.formatted(ROOT.resolve("examples/open-bandit.conf"), kafka.bootstrapServers()));
        definition = DefinitionLoader.load(file);
        adpipe("provision", file.toString(), "--create-raw-topics", Integer.toString(RAW_PARTITIONS));
    }

    @AfterEach
    void stop() {
        if (jobs != null) {
            jobs.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void filesLoadedBeforeTheJobsStart() throws Exception {
        load("impressions");
        load("clicks");
        adpipe("run", file.toString(), "--until-drained");
        compare(1);
    }

    @Test
    void jobsRunningFirstAndIdleThenTheFiles() throws Exception {
        start();
        awaitIdle();
        load("impressions");
        load("clicks");
        awaitJoined(1);
        compare(1);
    }

    @Test
    void allClicksBeforeAnyImpression() throws Exception {
        start();
        load("clicks");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(books("join").held()).isEqualTo(clicks()));
        load("impressions");
        awaitJoined(1);
        compare(1);
    }

    /** The copies end as duplicate or, once their key is dead, as late. */
    @Test
    void everyRecordTwice() throws Exception {
        start();
        load("impressions");
        load("clicks");
        load("impressions");
        load("clicks");
        awaitJoined(2);
        compare(2);
    }

    private void start() {
        jobs = PipelineRun.start(definition, EnumSet.allOf(PipelineStage.class), 1, "test");
    }

    private void load(String name) {
        adpipe(
                "load",
                "--topic",
                "zozo.raw." + name,
                "-f",
                file.toString(),
                DATA.resolve(name + ".jsonl.gz").toString());
    }

    private static void adpipe(String... args) {
        StringWriter err = new StringWriter();
        int code = Adpipe.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
        assertThat(code).as("adpipe " + String.join(" ", args) + ": " + err).isZero();
    }

    /** Every raw partition has been reported idle. */
    private void awaitIdle() {
        await().atMost(PATIENCE).until(() -> {
            Set<String> idle = new HashSet<>();
            for (ConsumerRecord<byte[], byte[]> record :
                    TopicDump.read(kafka.bootstrapServers(), definition.topics().shuffled())) {
                ProgressTick tick = EnvelopeCodec.decodeTick(record.value());
                tick.partitions().stream()
                        .filter(ProgressTick.RawPartition::idle)
                        .forEach(p -> idle.add(p.topic() + "-" + p.partition()));
            }
            return idle.size() == 2 * RAW_PARTITIONS;
        });
    }

    private void awaitJoined(int copies) throws IOException {
        long events = copies * (impressions() + clicks());
        await().atMost(PATIENCE).untilAsserted(() -> {
            jobs.requireAlive();
            Books join = books("join");
            assertThat(join.in()).isEqualTo(events);
            assertThat(join.held()).isZero();
            assertThat(books("output").in()).isEqualTo(join.emitted());
        });
    }

    private void compare(int copies) throws IOException {
        Map<String, long[]> counts = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicDump.read(kafka.bootstrapServers(), definition.topics().rows())) {
            JsonNode row = JSON.readTree(record.value());
            long[] count = counts.computeIfAbsent(row.get("item_id").asText(), item -> new long[2]);
            count[0] += row.get("impressions").asLong();
            count[1] += row.get("clicks").asLong();
            assertThat(row.get("item").asText()).isNotEqualTo("unknown");
        }
        Map<String, long[]> expected = new TreeMap<>();
        truth().get("by_item_id")
                .properties()
                .forEach(item -> expected.put(item.getKey(), new long[] {
                    item.getValue().get("impressions").asLong(),
                    item.getValue().get("clicks").asLong()
                }));
        assertThat(counts.keySet()).isEqualTo(expected.keySet());
        counts.forEach((item, count) ->
                assertThat(count).as("impressions and clicks of item " + item).isEqualTo(expected.get(item)));
        assertThat(counts.values().stream().mapToLong(c -> c[0]).sum()).isEqualTo(impressions());
        assertThat(counts.values().stream().mapToLong(c -> c[1]).sum()).isEqualTo(clicks());

        Books join = books("join");
        assertThat(join.emitted()).isEqualTo(impressions() + clicks());
        assertThat(join.duplicate() + join.unmatchedByReason().getOrDefault("late", 0L))
                .isEqualTo((copies - 1) * (impressions() + clicks()));
        assertThat(join.imbalance()).isZero();
        assertThat(books("shuffle").deadLettered()).isZero();
    }

    private Books books(String stage) {
        return TopicDump.books(kafka.bootstrapServers(), definition.topics().group(stage));
    }

    private static long impressions() throws IOException {
        return truth().get("impressions").asLong();
    }

    private static long clicks() throws IOException {
        return truth().get("clicks").asLong();
    }

    private static JsonNode truth() throws IOException {
        return JSON.readTree(DATA.resolve("truth.json").toFile());
    }
}
