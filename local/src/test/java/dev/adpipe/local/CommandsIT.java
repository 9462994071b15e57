package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.shuffle.ShuffleJob;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that read and write records, as typed at a terminal. */
class CommandsIT {
    private static final long TIME = 1_700_000_000_000L;

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

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
    void loadsPlainAndPackedLinesAsTheyAre() throws Exception {
        Path file = provisioned("loaded");
        Path plain = Files.write(
                dir.resolve("a.jsonl"), "{\"a\":1}\r\n\n  \t\n\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path packed = dir.resolve("b.jsonl.gz");
        try (OutputStream gz = new GZIPOutputStream(Files.newOutputStream(packed))) {
            gz.write("{\"b\":1}\n{\"b\":2}\n".getBytes(StandardCharsets.UTF_8));
        }
        run(
                ExitCode.OK,
                "load",
                "-f",
                file.toString(),
                "--topic",
                "loaded.clicks",
                plain.toString(),
                packed.toString());

        assertThat(out.toString()).contains("4 records are in loaded.clicks");
        assertThat(err.toString()).contains("100 %, 4 records");
        List<ConsumerRecord<byte[], byte[]>> records = all("loaded.clicks");
        assertThat(records).allSatisfy(r -> assertThat(r.key()).isNull());
        assertThat(records.stream()
                        .map(r -> new String(r.value(), StandardCharsets.ISO_8859_1))
                        .toList())
                .containsExactlyInAnyOrder("{\"a\":1}", "\u00e9", "{\"b\":1}", "{\"b\":2}");
    }

    @Test
    void generatesIntoEveryRawPartition() {
        Path file = provisioned("made");
        run(ExitCode.OK, "generate", file.toString(), "--seconds", "1", "--rate", "500", "--seed", "1");
        assertThat(out.toString()).startsWith("seed 1, 500 a second into made.impressions, made.clicks");
        assertThat(all("made.impressions").stream().map(ConsumerRecord::partition))
                .contains(0, 1);
    }

    @Test
    void generatesOnlyWhatTheDefinitionHasStreamsFor() {
        Path file = provisioned("unmade");
        run(ExitCode.USAGE, "generate", file.toString(), "--funnel");
        assertThat(err.toString()).contains("has no stream bid-request with format = json");
    }

    @Test
    void refusesToLoadIntoATopicThatDoesNotExist() throws IOException {
        Path lines = Files.writeString(dir.resolve("c.jsonl"), "{}\n");
        run(ExitCode.REFUSED, "load", "--bootstrap-server", kafka.bootstrapServers(), "--topic", "nowhere", "" + lines);
        assertThat(err.toString()).contains("topic nowhere does not exist");
    }

    @Test
    void saysWhichLineWasTooLarge() throws IOException {
        Path file = provisioned("huge");
        byte[] noise = new byte[9 << 20];
        // Nothing that could be compressed: the broker looks at what arrives.
        new Random(1).nextBytes(noise);
        String text = Base64.getEncoder().encodeToString(noise);
        Path lines = Files.writeString(dir.resolve("d.jsonl"), "{}\n" + text + "\n");
        run(ExitCode.FAILED, "load", "-f", file.toString(), "--topic", "huge.clicks", lines.toString());
        assertThat(err.toString()).contains("d.jsonl, line 2: topic huge.clicks did not take it");
    }

    @Test
    void statusCountsWhatIsVisibleAndAddsUpTheBooks() {
        PipelineDefinition pipeline = DefinitionLoader.load(provisioned("told"));
        try (StatusReader reader = StatusReader.open(pipeline)) {
            assertThat(reader.read()).allSatisfy(s -> {
                assertThat(s.backlogRecords()).isZero();
                assertThat(s.backlogTime()).isZero();
                assertThat(s.state()).isEqualTo("Empty");
            });
            // Aborted records and markers only: no backlog.
            sendInTransaction(false, record(pipeline.topics().shuffled(), 0, "k", event("x")));
            assertThat(stage(reader, "join").backlogRecords()).isZero();

            sendInTransaction(true, record(pipeline.topics().shuffled(), 0, "k", event("x")));
            StageStatus join = stage(reader, "join");
            assertThat(join.backlogRecords()).isBetween(1L, 2L);
            try (StatusReader later = StatusReader.open(pipeline, () -> System.currentTimeMillis() + 60_000)) {
                assertThat(stage(later, "join").backlogTime())
                        .isBetween(Duration.ofSeconds(55), Duration.ofSeconds(120));
            }
            Books books = new Books();
            books.countIn();
            books.countUnmatched("late");
            commit(pipeline, 0, 3, books);
            commit(pipeline, 1, 0, books);
            join = stage(reader, "join");
            assertThat(join.backlogRecords()).isZero();
            assertThat(join.books().in()).isEqualTo(2);
            assertThat(join.books().unmatchedByReason()).containsExactly(Map.entry("late", 2L));
        }
        run(ExitCode.OK, "status", dir.resolve("told.conf").toString());
        assertThat(out.toString()).contains("join: unmatched late 2");
    }

    @Test
    void statusOfAPipelineThatIsNotProvisionedFails() {
        Path file = TestPipeline.file(dir, "bare", kafka.bootstrapServers());
        run(ExitCode.FAILED, "status", file.toString());
        assertThat(err.toString()).contains("not provisioned").contains("adpipe provision");
    }

    @Test
    void peeksIntoEveryTopic() {
        Path file = provisioned("seen");
        PipelineDefinition pipeline = DefinitionLoader.load(file);
        ProgressTick tick = new ProgressTick(
                "c-0",
                TIME,
                List.of(new ProgressTick.RawPartition("seen.clicks", 0, 2, OptionalLong.of(TIME), 7, true)));
        JoinedEvent joined = new JoinedEvent(
                "k",
                List.of(new JoinedEvent.Part("impression", "i", TIME, PayloadEncoding.JSON, 0, payload("p"), -1, 1)));
        ProducerRecord<byte[], byte[]> unmatched = record(pipeline.topics().unmatched(), 0, "k", event("u"));
        unmatched.headers().add("adpipe.reason", "late".getBytes(StandardCharsets.UTF_8));
        sendInTransaction(
                true,
                record(pipeline.topics().shuffled(), 0, "k", event("s")),
                record(pipeline.topics().shuffled(), 1, null, EnvelopeCodec.encode(tick)),
                record(pipeline.topics().joined(), 0, "k", EnvelopeCodec.encode(joined)),
                record(pipeline.topics().rows(), 0, "k", "{\"clicks\":1}".getBytes(StandardCharsets.UTF_8)),
                unmatched,
                record("seen.clicks", 0, null, "{\"n\":1.50}".getBytes(StandardCharsets.UTF_8)),
                record("seen.clicks", 0, null, new byte[] {(byte) 0xff, 0}));

        assertThat(peek(file, "shuffled", "--partition", "0"))
                .contains("\"key\":\"k\"", "\"stream\":\"impression\"", "\"event-time\":\"2023-11-14T22:13:20Z\"")
                .contains("\"payload\":{\"id\":\"s\"}");
        assertThat(peek(file, "shuffled", "--partition", "1")).contains("\"tick-of\":\"c-0\"", "\"idle\":true");
        assertThat(peek(file, "acme.seen.joined"))
                .contains("\"events\":[{", "\"payload\":{\"id\":\"p\"}", "\"parent\":-1,\"ordinal\":1");
        assertThat(peek(file, "rows")).contains("\"value\":{\"clicks\":1}");
        assertThat(peek(file, "unmatched")).contains("\"adpipe.reason\":\"late\"", "\"event-id\":\"u\"");
        assertThat(peek(file, "seen.clicks", "--from-beginning", "--max", "1"))
                .contains("\"value\":{\"n\":1.5")
                .hasLineCount(1);
        assertThat(peek(file, "seen.clicks", "--max", "1"))
                .contains("\"base64\":\"/wA=\"")
                .hasLineCount(1);
        run(ExitCode.USAGE, "peek", file.toString(), "nothing");
        assertThat(err.toString()).contains("topic nothing is not one of this pipeline's");
    }

    @Test
    void replaysEachDeadLetterOnceIntoTheStageThatRefusedIt() {
        Path file = provisioned("dead");
        PipelineDefinition pipeline = DefinitionLoader.load(file);
        String good = "{\"imp_id\":\"i1\",\"timestamp\":\"2023-11-14T22:13:20Z\"}";
        ProducerRecord<byte[], byte[]> cut = letter(pipeline, "shuffle", "too-large", "dead.impressions", good);
        cut.headers().add("adpipe.original-length", "999999".getBytes(StandardCharsets.UTF_8));
        ProducerRecord<byte[], byte[]> fromJoin =
                letter(pipeline, "join", "odd", pipeline.topics().shuffled(), "s");
        fromJoin.headers().add("foreign", "kept".getBytes(StandardCharsets.UTF_8));
        sendInTransaction(
                true,
                letter(pipeline, "shuffle", "bad-time", "dead.impressions", good),
                letter(pipeline, "shuffle", "malformed", "dead.impressions", "{"),
                cut,
                fromJoin,
                letter(pipeline, "output", "bad-value", pipeline.topics().joined(), "j"));
        String deadTopic = pipeline.topics().deadLetter();

        Replayer.Result first = replay(pipeline, letter -> letter.reason().equals("bad-time"));
        assertThat(first).isEqualTo(new Replayer.Result(1, 0, 0, 0));
        List<ConsumerRecord<byte[], byte[]>> shuffled = all(pipeline.topics().shuffled());
        assertThat(shuffled).hasSize(1);
        assertThat(EnvelopeCodec.decodeShuffled(shuffled.get(0).value()).eventId())
                .isEqualTo("i1");

        Replayer.Result second = replay(pipeline, letter -> true);
        assertThat(second).isEqualTo(new Replayer.Result(2, 1, 1, 1));
        shuffled = all(pipeline.topics().shuffled());
        assertThat(shuffled).hasSize(2);
        ConsumerRecord<byte[], byte[]> again = shuffled.stream()
                .filter(r -> r.headers().lastHeader("foreign") != null)
                .findFirst()
                .orElseThrow();
        assertThat(again.partition()).isEqualTo(1);
        assertThat(again.value()).isEqualTo("s".getBytes(StandardCharsets.UTF_8));
        assertThat(again.headers().toArray()).hasSize(1);
        assertThat(all(pipeline.topics().joined())).hasSize(1);
        assertThat(all("dead.impressions")).isEmpty();
        assertThat(all(deadTopic)).hasSize(6);

        // Only what was refused again is new.
        assertThat(replay(pipeline, letter -> letter.stage().equals("join")))
                .isEqualTo(new Replayer.Result(0, 0, 0, 1));
        assertThat(replay(pipeline, letter -> true)).isEqualTo(new Replayer.Result(0, 1, 1, 4));
        assertThat(all(pipeline.topics().shuffled())).hasSize(2);

        run(ExitCode.OK, "dead-letters", "list", file.toString(), "--stage", "join");
        assertThat(out.toString())
                .hasLineCount(1)
                .contains("odd  from acme.dead.shuffled-1@7  because")
                .contains("(replayed)");
        run(ExitCode.OK, "dead-letters", "list", file.toString(), "--reason", "too-large");
        assertThat(out.toString()).contains("(too large to be kept whole)").doesNotContain("(replayed)");
    }

    @Test
    void aReplayThatBreaksOffReplaysNothing() {
        PipelineDefinition pipeline = DefinitionLoader.load(provisioned("broken"));
        sendInTransaction(
                true,
                letter(pipeline, "output", "bad-value", pipeline.topics().joined(), "j"),
                letter(pipeline, "output", "bad-value", pipeline.topics().joined(), "k"));
        RuntimeException crash = new IllegalStateException("the machine stops here");
        assertThatThrownBy(() -> replay(pipeline, letter -> {
                    if (letter.record().offset() > 0) {
                        throw crash;
                    }
                    return true;
                }))
                .isSameAs(crash);
        assertThat(all(pipeline.topics().joined())).isEmpty();
        assertThat(replay(pipeline, letter -> true)).isEqualTo(new Replayer.Result(2, 0, 0, 0));
        assertThat(all(pipeline.topics().joined())).hasSize(2);
    }

    private static Replayer.Result replay(PipelineDefinition pipeline, Predicate<DeadLetter> filter) {
        return new Replayer(pipeline, connection, new ShuffleJob(pipeline), line -> {})
                .replay(filter, Integer.MAX_VALUE);
    }

    private static ProducerRecord<byte[], byte[]> letter(
            PipelineDefinition pipeline, String stage, String reason, String source, String value) {
        ProducerRecord<byte[], byte[]> letter =
                record(pipeline.topics().deadLetter(), 0, null, value.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "adpipe.stage",
                        stage,
                        "adpipe.reason",
                        reason,
                        "adpipe.explanation",
                        "because",
                        "adpipe.topic",
                        source,
                        "adpipe.partition",
                        "1",
                        "adpipe.offset",
                        "7")
                .forEach((name, text) -> letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return letter;
    }

    private static Path provisioned(String name) {
        Path file = TestPipeline.file(dir, name, kafka.bootstrapServers());
        new Provisioner(DefinitionLoader.load(file), connection.admin(), line -> {})
                .provision(Provisioner.Options.local(2));
        return file;
    }

    private static void commit(PipelineDefinition pipeline, int partition, long offset, Books books) {
        String metadata = new CommitMetadata(books, "", Optional.empty(), Optional.empty()).encode();
        TopicPartition shuffled = new TopicPartition(pipeline.topics().shuffled(), partition);
        Answer.of(connection
                .admin()
                .alterConsumerGroupOffsets(
                        pipeline.topics().group("join"), Map.of(shuffled, new OffsetAndMetadata(offset, metadata)))
                .all());
    }

    private static StageStatus stage(StatusReader reader, String name) {
        return reader.read().stream()
                .filter(s -> s.stage().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        settled();
        return new ArrayList<>(new Peek(connection).first(topic, OptionalInt.empty(), 1000));
    }

    /** A commit returns when it is decided; that its records can be read comes a moment later, partition by partition. */
    private static void settled() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            List<TopicPartition> partitions = new ArrayList<>();
            TopicProvisioner.describe(
                            connection.admin(),
                            Answer.of(connection.admin().listTopics().names()))
                    .forEach((topic, description) -> description
                            .partitions()
                            .forEach(p -> partitions.add(new TopicPartition(topic, p.partition()))));
            return RecordScan.offsets(connection.admin(), partitions, OffsetSpec.latest())
                    .equals(RecordScan.offsetsWithOpen(connection.admin(), partitions, OffsetSpec.latest()));
        });
    }

    private static ByteBuffer payload(String id) {
        return ByteBuffer.wrap(("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] event(String id) {
        return EnvelopeCodec.encode(new ShuffledEvent("impression", id, TIME, PayloadEncoding.JSON, 0, payload(id)));
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, String key, byte[] value) {
        return new ProducerRecord<>(topic, partition, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
    }

    @SafeVarargs
    private static void sendInTransaction(boolean commit, ProducerRecord<byte[], byte[]>... records) {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("transactional.id", "test-writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (ProducerRecord<byte[], byte[]> record : records) {
                Answer.of(producer.send(record));
            }
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
        settled();
    }

    private String peek(Path file, String topic, String... options) {
        List<String> words = new ArrayList<>(List.of("peek", file.toString(), topic));
        words.addAll(List.of(options));
        run(ExitCode.OK, words.toArray(String[]::new));
        return out.toString();
    }

    private void run(int expected, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(code).as(err.toString()).isEqualTo(expected);
    }
}
