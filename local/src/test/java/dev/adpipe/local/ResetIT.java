package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gaps between what is committed and what is there: the stage refuses, with the numbers and the command; the command says
 * what going on means, asks, and then the stage goes on.
 */
class ResetIT {
    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;
    private PipelineDefinition pipeline;
    private Topics topics;

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
    void rawInputThatWasDeletedIsGivenUpByNumber() throws IOException {
        begin("rawgone");
        impressions(0, 10);
        drain();
        TopicPartition raw = new TopicPartition("rawgone.impressions", 0);
        impressions(10, 20);
        deleteBefore(raw, 17);

        assertThat(refusalOf(PipelineStage.SHUFFLE))
                .contains("rawgone.impressions-0: committed is offset 10, the log begins at 17: 7 records were deleted")
                .contains("adpipe reset", "--stage shuffle");

        // Nobody can be asked here; and answered no, nothing changes.
        Map<TopicPartition, OffsetAndMetadata> before = committed("shuffle");
        removeStopped("shuffle");
        run(ExitCode.REFUSED, "reset", "" + file);
        assertThat(err.toString()).contains("no terminal to ask at", "--yes");
        List<String> said = new ArrayList<>();
        assertThatThrownBy(() -> new Reset(pipeline, admin(), said::add, () -> false)
                        .run(new Reset.Options(List.of(PipelineStage.values()), Optional.empty(), false)))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
                .hasMessageContaining("nothing was changed");
        assertThat(said)
                .contains("shuffle rawgone.impressions-0: committed is offset 10, the log begins at 17: 7 records were"
                        + " deleted before they were processed")
                .anyMatch(line -> line.contains("lost: 7 records") && line.contains("never counted"));
        assertThat(committed("shuffle")).isEqualTo(before);
        InputStream in = System.in;
        System.setProperty(Confirmation.ANSWERS, "true");
        try {
            System.setIn(new ByteArrayInputStream("n\n".getBytes(StandardCharsets.UTF_8)));
            run(ExitCode.REFUSED, "reset", "" + file);
            assertThat(out.toString()).contains("lost: 7 records", "Go on? [y/N]");
            assertThat(err.toString()).contains("nothing was changed");
        } finally {
            System.setIn(in);
            System.clearProperty(Confirmation.ANSWERS);
        }
        assertThat(committed("shuffle")).isEqualTo(before);

        run(ExitCode.OK, "reset", "" + file, "--yes");
        assertThat(out.toString()).contains("goes on at offset 17");
        OffsetAndMetadata after = committed("shuffle").get(raw);
        assertThat(after.metadata()).isEqualTo(before.get(raw).metadata()).contains("in:10", "task=h:");
        drain();
        assertThat(books("shuffle").in()).isEqualTo(13);
        assertThat(rows()).hasSize(13);
        run(ExitCode.OK, "reset", "" + file);
        assertThat(out.toString()).contains("Nothing to reset");
    }

    @Test
    void aStageWithMembersIsLeftAlone() throws IOException {
        begin("busy");
        impressions(0, 5);
        drain();
        impressions(5, 10);
        deleteBefore(new TopicPartition("busy.impressions", 0), 8);
        run(ExitCode.REFUSED, "reset", "" + file, "--yes");
        assertThat(err.toString())
                .contains("busy-shuffle can be committed only while nobody is in it", "--remove-stopped");
        run(ExitCode.OK, "reset", "" + file, "--yes", "--remove-stopped");
        drain();
        assertThat(rows()).hasSize(7);
    }

    @Test
    void anOffsetThatIsGoneIsAskedFor() throws IOException {
        begin("forgotten");
        impressions(0, 10);
        drain();
        removeStopped("output", "join");
        forget("output");
        forget("join");
        assertThat(refusalOf(PipelineStage.OUTPUT)).contains("no committed offset", "adpipe reset", "--stage output");
        removeStopped("output");
        run(ExitCode.REFUSED, "reset", "" + file, "--yes");
        assertThat(err.toString())
                .contains("join " + topics.shuffled() + "-0: no offset is committed, the log goes from 0 to ")
                .contains("--to earliest", "--to latest", "--to TIME");

        run(ExitCode.OK, "reset", "" + file, "--yes", "--to", "earliest");
        assertThat(out.toString())
                .contains("rows twice in <p>.rows, and in Druid")
                .contains("duplicates while their keys live and late afterwards")
                .contains("begin at 0");
        drain();
        // The output has repeated itself, as was said; the join has its state still, so it has not.
        assertThat(rows()).hasSize(20);
        assertThat(books("join").duplicate()).isEqualTo(10);
        assertThat(books("join").emitted()).isZero();
        assertThat(books("join").imbalance()).isZero();
        assertThat(books("output").in()).isEqualTo(10);
    }

    @Test
    void fromATimeOrTheEndOnlyWhatIsThereSinceIsRead() throws IOException {
        begin("later");
        impressions(0, 10);
        drain();
        removeStopped("output");
        forget("output");
        run(ExitCode.USAGE, "reset", "" + file, "--to", "yesterday");
        run(ExitCode.OK, "reset", "" + file, "--stage", "output", "--yes", "--to", "latest");
        assertThat(out.toString()).contains("skipped: ").contains("their rows are missing");
        impressions(10, 15);
        drain();
        assertThat(rows()).hasSize(15);
        removeStopped("output");
        forget("output");
        run(ExitCode.OK, "reset", "" + file, "--stage", "output", "--yes", "--to", "2020-01-01T00:00:00Z");
        drain();
        assertThat(rows()).hasSize(30);
    }

    @Test
    void aChangelogMadeAnewMeansEmptyState() throws IOException {
        begin("anew");
        impressions(0, 10);
        clicks(100, 103); // of impressions that are not there yet: held
        drain();
        assertThat(books("join").held()).isEqualTo(3);
        delete(topics.joinChangelog());
        new Provisioner(pipeline, admin(), line -> {}).provision(new Provisioner.Options(OptionalInt.empty(), false));
        assertThat(refusalOf(PipelineStage.JOIN)).contains("deleted and made anew", "adpipe reset", "--stage join");

        stateIsLostButBooksAreNot();
    }

    @Test
    void aCutChangelogIsNoticedWhenTheDiskIsLostToo() throws IOException {
        begin("cut");
        impressions(0, 10);
        clicks(100, 103);
        drain();
        for (TopicPartition partition : partitions(topics.joinChangelog())) {
            long end = RecordScan.offsets(admin(), List.of(partition), OffsetSpec.latest())
                    .get(partition);
            deleteBefore(partition, end - 3);
        }
        // With its disk the join needs nothing of what is gone.
        drain();
        assertThat(books("join").held()).isEqualTo(3);
        deleteFolder(dir.resolve("state-cut"));
        assertThat(refusalOf(PipelineStage.JOIN)).contains("but that log begins at", "no local state", "--stage join");

        stateIsLostButBooksAreNot();
    }

    /** What was booked as lost must not come back: the reset holds for stores that nothing has happened to as well. */
    @Test
    void anIntactStoreIsNotTakenUpAgainAfterTheReset() throws IOException {
        begin("intact");
        impressions(0, 10);
        clicks(100, 103);
        drain();
        for (TopicPartition partition : partitions(topics.joinChangelog())) {
            long end = RecordScan.offsets(admin(), List.of(partition), OffsetSpec.latest())
                    .get(partition);
            deleteBefore(partition, end - 3);
        }

        stateIsLostButBooksAreNot();
    }

    private void stateIsLostButBooksAreNot() throws IOException {
        Books before = books("join");
        removeStopped("join");
        run(ExitCode.OK, "reset", "" + file, "--yes");
        assertThat(out.toString())
                .contains("starts with empty state")
                .contains("become no-parent")
                .contains("not recognised as duplicates");
        assertThat(books("join").in()).isEqualTo(before.in());
        assertThat(books("join").emitted()).isEqualTo(before.emitted());
        assertThat(books("join").unmatchedByReason()).containsEntry(Reset.STATE_LOST, 3L);
        assertThat(books("join").held()).isZero();

        int rows = rows().size();
        impressions(100, 103); // their clicks are forgotten
        impressions(0, 2); // copies that are not recognised
        drain();
        assertThat(rows()).hasSize(rows + 5);
        assertThat(books("join").imbalance()).isZero();
        assertThat(books("join").duplicate()).isZero();
    }

    @Test
    void anOwnTopicMadeAnewIsAskedFor() throws IOException {
        begin("joinedanew");
        impressions(0, 10);
        drain();
        delete(topics.joined());
        // Kafka forgets the offsets of a topic with the topic.
        run(ExitCode.REFUSED, "provision", "" + file);
        assertThat(err.toString()).contains("has lost its offset of " + topics.joined(), "adpipe reset " + file);
        assertThat(refusalOf(PipelineStage.OUTPUT)).contains("no committed offset", "--stage output");
        removeStopped("output");
        run(ExitCode.OK, "reset", "" + file, "--yes", "--to", "earliest");
        impressions(10, 15);
        drain();
        assertThat(rows()).hasSize(15);
        assertThat(books("output").in()).isEqualTo(5);
    }

    /** Where an offset has outlived its topic. */
    @Test
    void anOffsetBeyondTheEndIsAskedFor() throws IOException {
        begin("beyond");
        impressions(0, 10);
        drain();
        removeStopped("output");
        Map<TopicPartition, OffsetAndMetadata> far = new HashMap<>();
        committed("output")
                .forEach((partition, offset) ->
                        far.put(partition, new OffsetAndMetadata(offset.offset() + 1_000, offset.metadata())));
        Answer.of(admin().alterConsumerGroupOffsets(topics.group("output"), far).all());
        assertThat(refusalOf(PipelineStage.OUTPUT))
                .contains(topics.joined() + "-", "made anew, or has lost records", "--stage output");
        removeStopped("output");
        run(ExitCode.REFUSED, "reset", "" + file, "--yes");
        assertThat(err.toString()).contains("the topic was deleted and made anew", "--to earliest");
        run(ExitCode.OK, "reset", "" + file, "--yes", "--to", "latest");
        impressions(10, 15);
        drain();
        assertThat(rows()).hasSize(15);
        assertThat(books("output").in()).isEqualTo(15);
    }

    private void begin(String name) throws IOException {
        file = Files.writeString(
                dir.resolve(name + ".conf"), """
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
                  shuffle { partitions = 2, tick-interval = 100ms, idle-after = 500ms }
                  output { dimensions.imp_id = impression.imp_id, metrics.impressions { on = impression, value = 1 } }
                  runtime { commit-interval = 50ms, state-dir = "state-NAME", state-memory = 64MiB, session-timeout = 30s }
                }
                """.replace("NAME", name).replace("BOOTSTRAP", kafka.bootstrapServers()));
        pipeline = DefinitionLoader.load(file);
        topics = pipeline.topics();
        new Provisioner(pipeline, admin(), line -> {}).provision(Provisioner.Options.local(1));
    }

    private void impressions(int from, int to) {
        send("impressions", from, to, "{\"imp_id\":\"i%d\",\"timestamp\":%d}");
    }

    private void clicks(int from, int to) {
        send("clicks", from, to, "{\"imp_id\":\"i%d\",\"click_id\":\"c\",\"timestamp\":%d}");
    }

    private void send(String topic, int from, int to, String json) {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int n = from; n < to; n++) {
                byte[] value = json.formatted(n, System.currentTimeMillis()).getBytes(StandardCharsets.UTF_8);
                Answer.of(producer.send(new ProducerRecord<>(pipeline.name() + "." + topic, value)));
            }
        }
    }

    /** Runs all stages until they have done what there is. */
    private void drain() {
        run(ExitCode.OK, "run", "" + file, "--until-drained");
    }

    /** What the stage says when it does not go on. */
    private String refusalOf(PipelineStage stage) {
        try (PipelineRun run = PipelineRun.start(pipeline, EnumSet.of(stage), 1, "local")) {
            String[] message = new String[1];
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                try {
                    run.requireAlive();
                    return false;
                } catch (CommandException e) {
                    assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.REFUSED);
                    message[0] = e.getMessage();
                    return true;
                }
            });
            return message[0];
        }
    }

    private void removeStopped(String... stages) {
        for (String stage : stages) {
            GroupMembers.removeStopped(admin(), topics.group(stage));
        }
    }

    private void forget(String stage) {
        Answer.of(admin().deleteConsumerGroups(List.of(topics.group(stage))).all());
    }

    private void deleteBefore(TopicPartition partition, long offset) {
        Answer.of(admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    private void delete(String topic) {
        Answer.of(admin().deleteTopics(List.of(topic)).all());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> TopicProvisioner.describe(admin(), List.of(topic)).isEmpty());
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private List<TopicPartition> partitions(String topic) {
        return TopicProvisioner.describe(admin(), List.of(topic)).get(topic).partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String stage) {
        return OffsetProvisioner.committed(admin(), topics.group(stage));
    }

    private Books books(String stage) {
        Books sum = new Books();
        committed(stage)
                .values()
                .forEach(offset ->
                        sum.add(CommitMetadata.parse(offset.metadata()).books()));
        return sum;
    }

    private List<String> rows() {
        return TopicDump.read(kafka.bootstrapServers(), topics.rows()).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static Admin admin() {
        return connection.admin();
    }

    private void run(int expected, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(code).as("%s: %s %s", Arrays.toString(args), out, err).isEqualTo(expected);
    }
}
