package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk of the local state is damaged under a running join, full, or read-only: every event still makes its row, once.
 * Full and read-only need a small file system of their own: these tests are skipped where mounting is not permitted.
 */
class SickDiskIT {
    private static final int EVENTS = 600;
    private static final int BYTES = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;

    private PipelineDefinition pipeline;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(dir.resolve("kafka"));
        connection = KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        connection.close();
        kafka.close();
    }

    @Test
    void whatIsDamagedUnderARunningJoinIsRebuiltWithoutARestart() throws IOException {
        Path state = Files.createDirectories(dir.resolve("damaged"));
        begin("damaged", state);
        try (PipelineRun run = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "local")) {
            impressions(0, EVENTS);
            awaitRows(run, EVENTS);
            List<Path> tables = tables(state);
            assertThat(tables).isNotEmpty();
            for (Path table : tables) {
                spoil(table);
            }
            clicks(0, EVENTS);
            awaitRows(run, 2 * EVENTS);
            run.requireAlive();
        }
        assertThat(tables(state)).noneMatch(tables -> Files.exists(tables.resolveSibling("DAMAGED")));
        assertBooks();
    }

    @Test
    void aFullDiskStopsTheJoinAndWithRoomItGoesOn() throws Exception {
        Path state = Files.createDirectories(dir.resolve("full"));
        try (SmallDisk disk = SmallDisk.mount(state, "8m")) {
            begin("full", state);
            impressions(0, EVENTS);
            String reason = endOf(PipelineStage.JOIN);
            assertThat(reason)
                    .contains("acme.full-join-local-0 ended: the local state in " + state)
                    .contains("No space left on device", "Nothing is lost")
                    .doesNotContain("unforeseen");
            disk.remount("size=200m");
            clicks(0, EVENTS);
            goOn();
        }
    }

    @Test
    void aReadOnlyDiskStopsTheJoinAndWithTheRightToWriteItGoesOn() throws Exception {
        Path state = Files.createDirectories(dir.resolve("readonly"));
        try (SmallDisk disk = SmallDisk.mount(state, "200m")) {
            begin("readonly", state);
            impressions(0, 10);
            try (PipelineRun run = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "local")) {
                awaitRows(run, 10);
            }
            disk.remount("ro");
            impressions(10, EVENTS);
            assertThat(endOf(PipelineStage.JOIN))
                    .contains("the local state in " + state)
                    .contains("Read-only file system", "Nothing is lost")
                    .doesNotContain("unforeseen");
            disk.remount("rw");
            clicks(0, EVENTS);
            goOn();
        }
    }

    private void goOn() throws IOException {
        try (PipelineRun run = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "local")) {
            awaitRows(run, 2 * EVENTS);
        }
        assertBooks();
    }

    private void assertBooks() {
        var join = TopicDump.books(kafka.bootstrapServers(), pipeline.topics().group("join"));
        assertThat(join.in()).isEqualTo(2 * EVENTS);
        assertThat(join.emitted()).isEqualTo(2 * EVENTS);
        List<String> rows = rows();
        assertThat(rows).hasSize(2 * EVENTS).doesNotHaveDuplicates();
    }

    /** Why the join ends, all stages running. */
    private String endOf(PipelineStage stage) {
        List<String> message = new ArrayList<>();
        try (PipelineRun shuffle = PipelineRun.start(pipeline, EnumSet.of(PipelineStage.SHUFFLE), 1, "local");
                PipelineRun run = PipelineRun.start(pipeline, EnumSet.of(stage), 1, "local")) {
            await().atMost(PATIENCE).until(() -> {
                shuffle.requireAlive();
                try {
                    run.requireAlive();
                    return false;
                } catch (CommandException e) {
                    assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED);
                    message.add(e.getMessage());
                    return true;
                }
            });
        }
        return message.get(0);
    }

    private void awaitRows(PipelineRun run, int rows) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            run.requireAlive();
            return TopicDump.books(kafka.bootstrapServers(), pipeline.topics().group("output"))
                            .emitted()
                    >= rows;
        });
    }

    private List<String> rows() {
        return TopicDump.read(kafka.bootstrapServers(), pipeline.topics().rows()).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private void begin(String name, Path state) throws IOException {
        Path file = Files.writeString(dir.resolve(name + ".conf"), """
                pipeline {
                  customer = acme
                  name = NAME
                  kafka.bootstrap.servers = "BOOTSTRAP"
                  streams = [
                    { name = impression, topics = [NAME.impressions], format = json, key = imp_id, event-id = imp_id
                      time { field = timestamp, format = epoch-millis } }
                    { name = click, topics = [NAME.clicks], format = json, key = imp_id, event-id = click_id
                      time { field = timestamp, format = epoch-millis }, within = 1h }
                  ]
                  shuffle { partitions = 1, tick-interval = 200ms, idle-after = 1s }
                  output {
                    dimensions { imp_id = impression.imp_id, click_id = click.click_id }
                    metrics.impressions { on = impression, value = 1 }
                  }
                  runtime { commit-interval = 100ms, state-dir = "STATE", state-memory = 16MiB, session-timeout = 6s }
                }
                """.replace("NAME", name)
                .replace("STATE", state.toString())
                .replace("BOOTSTRAP", kafka.bootstrapServers()));
        pipeline = DefinitionLoader.load(file);
        new Provisioner(pipeline, connection.admin(), line -> {}).provision(Provisioner.Options.local(1));
    }

    /** Of a size that does not stay in memory, and cannot be compressed. */
    private void impressions(int from, int to) {
        Random random = new Random(1);
        byte[] noise = new byte[BYTES * 3 / 4];
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int n = from; n < to; n++) {
                random.nextBytes(noise);
                send(
                        producer,
                        "impressions",
                        "{\"imp_id\":\"i%d\",\"timestamp\":%d,\"noise\":\"%s\"}"
                                .formatted(
                                        n,
                                        System.currentTimeMillis(),
                                        Base64.getEncoder().encodeToString(noise)));
            }
        }
    }

    private void clicks(int from, int to) {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int n = from; n < to; n++) {
                send(
                        producer,
                        "clicks",
                        "{\"imp_id\":\"i%d\",\"click_id\":\"c%d\",\"timestamp\":%d}"
                                .formatted(n, n, System.currentTimeMillis()));
            }
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String topic, String json) {
        producer.send(new ProducerRecord<>(pipeline.name() + "." + topic, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Path> tables(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(f -> f.toString().endsWith(".sst")).toList();
        }
    }

    /** One bit in each block or so. */
    private static void spoil(Path file) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            for (long at = 100; at < raw.length() * 9 / 10; at += 5_000) {
                raw.seek(at);
                int octet = raw.read();
                raw.seek(at);
                raw.write(octet ^ 1);
            }
        }
    }

    /** A file system of its own in memory. */
    private record SmallDisk(Path at) implements AutoCloseable {
        static SmallDisk mount(Path at, String size) throws Exception {
            String said = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", at.toString());
            assumeTrue(said.isEmpty(), "mounting is not permitted here, so a full disk is not tested: " + said);
            return new SmallDisk(at);
        }

        void remount(String option) throws Exception {
            assertThat(run("mount", "-o", "remount," + option, at.toString())).isEmpty();
        }

        /** Empty if it worked, what it said otherwise. */
        private static String run(String... words) throws Exception {
            Process process;
            try {
                process = new ProcessBuilder(words).redirectErrorStream(true).start();
            } catch (IOException e) {
                return e.toString();
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? "" : "failed: " + said;
        }

        @Override
        public void close() throws Exception {
            run("umount", "-l", at.toString());
        }
    }
}
