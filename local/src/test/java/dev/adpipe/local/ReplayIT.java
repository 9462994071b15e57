package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A live run of ugly traffic in real time, then replays of a range in its middle. The windows are so short that a replay
 * begins to read well after the log's start: a warm-up that is too short shows. In order, because the last test deletes
 * what the others read.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplayIT {
    private static final long WINDOW = 500;
    private static final Pattern TIME = Pattern.compile("\"__time\":\"([^\"]+)\"");

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;
    private static Path file;
    private static PipelineDefinition live;
    private static TimeRange range;
    private static List<String> liveRows;
    private static Map<String, Map<TopicPartition, OffsetAndMetadata>> liveOffsets;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void liveRun() throws IOException {
        long seed = System.nanoTime();
        System.out.println("ReplayIT seed " + seed);
        kafka = EmbeddedKafka.start(dir.resolve("kafka"));
        connection = KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        file = definition("live.conf", "impression.campaign");
        live = DefinitionLoader.load(file);
        new Provisioner(live, connection.admin(), line -> {}).provision(Provisioner.Options.local(2));
        Instant start;
        try (PipelineRun jobs = PipelineRun.start(live, EnumSet.allOf(PipelineStage.class), 1, "live")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> OffsetProvisioner.hasRecords(
                            connection.admin(), List.of(live.topics().shuffled())));
            start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            new UglyTraffic(connection, "replayed", WINDOW, seed).send(15_000, 150);
            awaitDrained(jobs);
        }
        range = new TimeRange(start.plusSeconds(9), start.plusSeconds(12));
        liveRows = rows(live.topics());
        liveOffsets = offsets();
        Books join = TopicDump.books(kafka.bootstrapServers(), live.topics().group("join"));
        assertThat(join.duplicate()).isPositive();
        assertThat(join.unmatchedByReason()).containsKeys("late", "no-parent", "out-of-window");
        assertThat(inRange(liveRows)).hasSizeGreaterThan(300);
    }

    @AfterAll
    static void stop() {
        connection.close();
        kafka.close();
    }

    @Test
    @Order(1)
    void theWarmUpIsPutToTheTest() {
        Instant from = new ReplayReach(live, Duration.ZERO).readFrom(range.from());
        ReplayStart start = ReplayStart.find(
                connection.admin(),
                StageTopics.of(live, PipelineStage.JOIN).inputPartitions(live, connection.admin()),
                from);
        assertThat(start.offsets().values()).allMatch(offset -> offset > 0);
    }

    @Test
    @Order(2)
    void fromShuffledTheRowsAreThoseOfTheLiveRun() {
        run(ExitCode.OK, "replay", "" + file, "--from", "" + range.from(), "--to", "" + range.to());

        Topics own = live.replay(range.readable()).topics();
        assertThat(rows(own)).containsExactlyInAnyOrderElementsOf(inRange(liveRows));
        assertThat(out.toString())
                .contains(Shown.number(inRange(liveRows).size()) + " rows with times in [")
                .contains("are in " + own.rows() + ", from shuffled")
                .contains("adpipe replay " + file + " --delete " + range.readable())
                .doesNotContain("may yet make more rows");
        assertBalanced(own, "join", "output");
        assertThat(TopicDump.books(kafka.bootstrapServers(), own.group("output"))
                        .in())
                .isEqualTo(inRange(liveRows).size());
        assertLiveUntouched();
    }

    @Test
    @Order(3)
    void aMappingIsMendedAfterTheFact() throws IOException {
        Path mended = definition("mended.conf", "{ field = impression.campaign, steps = [upper] }");
        run(
                ExitCode.OK,
                "replay",
                "" + mended,
                "--from",
                "" + range.from(),
                "--to",
                "" + range.to(),
                "--name",
                "mended");

        List<String> expected = inRange(liveRows).stream()
                .map(row -> Pattern.compile("\"campaign\":\"(c\\d)\"")
                        .matcher(row)
                        .replaceAll(
                                m -> m.group().replace(m.group(1), m.group(1).toUpperCase(Locale.ROOT))))
                .toList();
        assertThat(expected).anyMatch(row -> row.contains("\"C3\""));
        assertThat(rows(live.replay("mended").topics())).containsExactlyInAnyOrderElementsOf(expected);

        // The same name for something else, and the same once more.
        run(
                ExitCode.REFUSED,
                "replay",
                "" + file,
                "--from",
                "" + range.from(),
                "--to",
                "" + range.to(),
                "--name",
                "mended");
        assertThat(err.toString()).contains("there is another replay of this name", "--delete mended");
        run(
                ExitCode.OK,
                "replay",
                "" + mended,
                "--from",
                "" + range.from(),
                "--to",
                "" + range.to(),
                "--name",
                "mended");
        assertThat(err.toString()).contains("has been done before");
        assertThat(rows(live.replay("mended").topics())).hasSameSizeAs(expected);
        assertLiveUntouched();
    }

    @Test
    @Order(4)
    void interruptedItGoesOn() {
        RangeReplay first = new RangeReplay(live, "cut", connection, line -> {});
        RangeReplay.Options options =
                new RangeReplay.Options(range, Optional.empty(), Duration.ZERO, Optional.empty(), 1);
        CompletableFuture<RangeReplay.Result> running = CompletableFuture.supplyAsync(() -> first.run(options));
        Topics own = live.replay("cut").topics();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(30))
                .until(() -> OffsetProvisioner.hasRecords(connection.admin(), List.of(own.joined())));
        first.interrupt();
        assertThat(running.handle((result, error) -> error).join())
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        e -> assertThat(e.getCause())
                                .isInstanceOf(CommandException.class)
                                .hasMessageContaining("the same again goes on"));

        List<String> said = new ArrayList<>();
        new RangeReplay(live, "cut", connection, said::add).run(options);
        assertThat(said).contains("goes on with a replay that was begun before, from shuffled");
        assertThat(rows(own)).containsExactlyInAnyOrderElementsOf(inRange(liveRows));
    }

    @Test
    @Order(5)
    void deletedNothingIsLeftOfItAndAllOfTheLiveOne() {
        run(ExitCode.OK, "replay", "" + file, "--delete", "cut");
        Topics own = live.replay("cut").topics();
        await().atMost(Duration.ofSeconds(10))
                .until(() ->
                        TopicProvisioner.describe(connection.admin(), own.all()).isEmpty());
        for (String group : ReplayPipeline.groups(own)) {
            assertThat(GroupMembers.describe(connection.admin(), group)).isEmpty();
        }
        assertThat(dir.resolve("state").resolve(own.prefix())).doesNotExist();
        assertThat(dir.resolve("state").resolve(live.topics().prefix())).exists();
        assertThat(rows(live.topics())).hasSameSizeAs(liveRows);
        run(ExitCode.FAILED, "replay", "" + file, "--delete", "cut");
        assertThat(err.toString()).contains("there is no replay acme.replayed-replay-cut");
        assertLiveUntouched();
    }

    @Test
    @Order(6)
    void aRangeThatTheLogHasNotPassedIsSaid() {
        Instant late = range.to().plusSeconds(3_600);
        run(ExitCode.OK, "replay", "" + file, "--from", "" + range.from(), "--to", "" + late, "--name", "open");
        assertThat(out.toString()).contains("may yet make more rows of this range");
        assertThat(rows(live.replay("open").topics()))
                .containsExactlyInAnyOrderElementsOf(filtered(liveRows, time -> !time.isBefore(range.from())));
    }

    @Test
    @Order(7)
    void fromRawWhenShuffledIsDeletedTheRowsAreEqualForEventsThatWereNotLate() {
        deleteShuffledBefore(range.from());
        run(
                ExitCode.REFUSED,
                "replay",
                "" + file,
                "--from",
                "" + range.from(),
                "--to",
                "" + range.to(),
                "--name",
                "raw",
                "--source",
                "shuffled");
        assertThat(err.toString())
                .contains("need what was appended since", live.topics().shuffled() + "-0 begins at offset")
                .contains("--source raw", "it can give rows from", "--warm-up reads less");
        run(ExitCode.OK, "replay", "" + file, "--from", "" + range.from(), "--to", "" + range.to(), "--name", "raw");

        assertThat(err.toString()).contains("so the raw topics are read");
        Topics own = live.replay("raw").topics();
        assertThat(notLate(rows(own))).containsExactlyInAnyOrderElementsOf(notLate(inRange(liveRows)));
        assertThat(out.toString()).contains(", from raw");
        assertBalanced(own, "shuffle", "join", "output");
        assertLiveUntouched();
    }

    /** Long enough for nearly all rows here, as windows are short. */
    @Test
    @Order(8)
    void withAShorterWarmUpWhatReachesFurtherBackIsMissingAndThatIsSaid() {
        TimeRange later = new TimeRange(range.to().minusMillis(500), range.to());
        ReplayReach whole = new ReplayReach(live, Duration.ZERO);
        List<String> words = new ArrayList<>(List.of("replay", "" + file, "--from", "" + later.from()));
        words.addAll(List.of("--to", "" + later.to(), "--name", "short", "--source", "raw", "--warm-up"));
        words.add("" + whole.settling().minusMillis(1));
        run(ExitCode.USAGE, words.toArray(String[]::new));
        assertThat(err.toString()).contains("--warm-up = ", "must be at least " + whole.settling());

        words.set(words.size() - 1, "" + whole.settling());
        run(ExitCode.OK, words.toArray(String[]::new));
        assertThat(err.toString()).contains("should be " + Shown.duration(whole.before()), "no row here");
        List<String> expected = filtered(liveRows, time -> !time.isBefore(later.from()) && time.isBefore(later.to()));
        List<String> rows = notLate(rows(live.replay("short").topics()));
        assertThat(rows).hasSizeGreaterThan(expected.size() / 2).allMatch(expected::contains);
        assertLiveUntouched();
    }

    @Test
    @Order(9)
    void wrongTimesAreWrongUsage() {
        run(ExitCode.USAGE, "replay", "" + file, "--from", "2026-11-22T13:00", "--to", "2026-11-22T14:00Z");
        assertThat(err.toString()).contains("--from = 2026-11-22T13:00: must be an ISO time with its zone");
        run(ExitCode.USAGE, "replay", "" + file, "--from", "2026-11-22T14:00Z", "--to", "2026-11-22T14:00Z");
        assertThat(err.toString()).contains("must be before");
        run(ExitCode.USAGE, "replay", "" + file);
    }

    private static void awaitDrained(PipelineRun jobs) {
        long settled = new ReplayReach(live, Duration.ZERO).before().toMillis();
        long end = System.currentTimeMillis();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            jobs.requireAlive();
            Books shuffle =
                    TopicDump.books(kafka.bootstrapServers(), live.topics().group("shuffle"));
            Books join = TopicDump.books(kafka.bootstrapServers(), live.topics().group("join"));
            Books output =
                    TopicDump.books(kafka.bootstrapServers(), live.topics().group("output"));
            return shuffle.in()
                            == TopicDump.end(kafka.bootstrapServers(), "replayed.impressions")
                                    + TopicDump.end(kafka.bootstrapServers(), "replayed.clicks")
                    && join.in() == shuffle.emitted()
                    && join.held() == 0
                    && output.in() == join.emitted()
                    && System.currentTimeMillis() - end > Math.min(settled, 2_500);
        });
    }

    private static void deleteShuffledBefore(Instant time) {
        List<TopicPartition> partitions =
                StageTopics.of(live, PipelineStage.JOIN).inputPartitions(live, connection.admin());
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        RecordScan.offsets(connection.admin(), partitions, OffsetSpec.forTimestamp(time.toEpochMilli()))
                .forEach((partition, offset) -> deletions.put(partition, RecordsToDelete.beforeOffset(offset)));
        Answer.of(connection.admin().deleteRecords(deletions).all());
    }

    private static void assertBalanced(Topics topics, String... stages) {
        assertThat(stages)
                .allSatisfy(stage -> assertThat(TopicDump.books(kafka.bootstrapServers(), topics.group(stage))
                                .imbalance())
                        .isZero());
    }

    private static void assertLiveUntouched() {
        assertThat(offsets()).isEqualTo(liveOffsets);
    }

    /** Committed offsets of the live groups, metadata included, and the ends of the live topics. */
    private static Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets() {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> all = new HashMap<>();
        for (String stage : List.of("shuffle", "join", "output")) {
            String group = live.topics().group(stage);
            all.put(group, OffsetProvisioner.committed(connection.admin(), group));
        }
        for (String topic : live.topics().all()) {
            all.put(
                    topic,
                    Map.of(
                            new TopicPartition(topic, 0),
                            new OffsetAndMetadata(TopicDump.end(kafka.bootstrapServers(), topic))));
        }
        return all;
    }

    private static List<String> rows(Topics topics) {
        return TopicDump.read(kafka.bootstrapServers(), topics.rows()).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> inRange(List<String> rows) {
        return filtered(rows, time -> !time.isBefore(range.from()) && time.isBefore(range.to()));
    }

    private static List<String> filtered(List<String> rows, Predicate<Instant> wanted) {
        return rows.stream()
                .filter(row -> {
                    Matcher time = TIME.matcher(row);
                    return time.find() && wanted.test(Instant.parse(time.group(1)));
                })
                .toList();
    }

    private static List<String> notLate(List<String> rows) {
        return rows.stream().filter(row -> !row.contains("\"late")).toList();
    }

    private static Path definition(String name, String campaign) throws IOException {
        return Files.writeString(dir.resolve(name), """
                pipeline {
                  customer = acme
                  name = replayed
                  kafka.bootstrap.servers = "%s"
                  streams = [
                    { name = impression, topics = [replayed.impressions], format = json, key = imp_id, event-id = imp_id
                      time { field = timestamp, format = epoch-millis } }
                    { name = click, topics = [replayed.clicks], format = json, key = imp_id, event-id = click_id
                      time { field = timestamp, format = epoch-millis }, within = %dms }
                  ]
                  shuffle { partitions = 2, tick-interval = 100ms, idle-after = 400ms, max-skew = 1s }
                  join { lateness = 300ms, skew = 100ms, max-key-life = 1200ms, first-event-timeout = 500ms }
                  output {
                    dimensions {
                      imp_id = impression.imp_id
                      click_id = click.click_id
                      campaign = %s
                    }
                    metrics {
                      impressions { on = impression, value = 1 }
                      clicks { on = click, value = 1 }
                    }
                  }
                  runtime { commit-interval = 100ms, state-dir = "state", state-memory = 64MiB, session-timeout = 6s }
                }
                """.formatted(kafka.bootstrapServers(), WINDOW, campaign));
    }

    private void run(int expected, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(code).as("%s: %s", Arrays.toString(args), err).isEqualTo(expected);
    }
}
