package dev.adpipe.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.SettableClock;
import dev.adpipe.testkit.TaskDriver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShuffleTickTest {
    private static final long NOW = 1_574_553_663_979L;
    private static final PipelineDefinition DEFINITION = Definitions.of(Definitions.clicks());

    @Test
    void tellsEveryPartitionOfTheHighestTimeAndOfSilence() {
        try (TaskDriver driver =
                ShuffleTaskTest.driver(DEFINITION, Mode.STRAIGHT).partitionCount(5)) {
            driver.process(null, click(NOW - 5_000));
            driver.process(null, click(NOW - 9_000));
            driver.clock().advance(Duration.ofSeconds(9));
            driver.tick(true);
            driver.process(null, "broken".getBytes(StandardCharsets.UTF_8));
            driver.clock().advance(Duration.ofMillis(9_999));
            driver.tick(true);
            driver.clock().advance(Duration.ofMillis(1));
            driver.tick(false);
            driver.tick(true);

            assertThat(ticks(driver))
                    .containsExactly(
                            tick(NOW + 9_000, OptionalLong.of(NOW - 5_000), 9_000, false),
                            tick(NOW + 18_999, OptionalLong.of(NOW - 5_000), 9_999, false),
                            tick(NOW + 19_000, OptionalLong.of(NOW - 5_000), 10_000, false),
                            tick(NOW + 19_000, OptionalLong.of(NOW - 5_000), 10_000, true));
        }
    }

    @Test
    void beforeTheFirstRecordSilenceCountsFromTheTakeover() {
        SettableClock clock = new SettableClock(NOW);
        ShuffleJob job = new ShuffleJob(DEFINITION);
        Task first = job.open(context(0, "", clock));
        clock.advance(Duration.ofSeconds(4));
        Task second = job.open(context(1, "h:12345", clock));
        clock.advance(Duration.ofSeconds(6));

        List<byte[]> sent = new ArrayList<>();
        List<Integer> partitions = new ArrayList<>();
        job.tick(
                new TickContext(
                        "c-0",
                        clock.millis(),
                        List.of(
                                new TickContext.Input(new TopicPartition("raw", 0), 2, true, first),
                                new TickContext.Input(new TopicPartition("raw", 1), 2, true, second))),
                new Collector() {
                    @Override
                    public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
                        assertThat(topic).isEqualTo("acme.ads.shuffled");
                        assertThat(key).isNull();
                        partitions.add(partition);
                        sent.add(value);
                    }

                    @Override
                    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
                        throw new AssertionError(explanation);
                    }
                });
        assertThat(partitions).containsExactly(0, 1, 2, 3);
        assertThat(sent)
                .allSatisfy(value -> assertThat(EnvelopeCodec.decodeTick(value))
                        .isEqualTo(new ProgressTick(
                                "c-0",
                                NOW + 10_000,
                                List.of(
                                        new RawPartition("raw", 0, 2, OptionalLong.empty(), 10_000, true),
                                        new RawPartition("raw", 1, 2, OptionalLong.of(12_345), 6_000, false)))));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void theHighestTimeIsCappedByTheClockAndSurvivesEveryReopening(Mode mode) {
        try (TaskDriver driver = ShuffleTaskTest.driver(DEFINITION, mode)) {
            assertThat(driver.metadata()).isEmpty();
            driver.tick(true);
            driver.process(null, click(NOW - 5_000));
            assertThat(driver.metadata()).isEqualTo("h:" + (NOW - 5_000));
            driver.process(null, click(NOW + 60_000));
            driver.process(null, click(NOW - 6_000));
            driver.process(null, click(NOW + 400_000));
            driver.clock().advance(Duration.ofSeconds(1));
            driver.tick(true);
            assertThat(driver.metadata()).isEqualTo("h:" + NOW);
            assertThat(ticks(driver))
                    .extracting(t -> t.partitions().get(0).highestEventTime())
                    .containsExactly(OptionalLong.empty(), OptionalLong.of(NOW));
        }
    }

    /** Responses without bids, for hours: their times say how far the partition is. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void recordsWithoutEventsTellTheirTimes(Mode mode) {
        PipelineDefinition split = Definitions.of(Definitions.forEach("seatbid.bid", Definitions.clicks()));
        try (TaskDriver driver = ShuffleTaskTest.driver(split, mode)) {
            driver.process(null, noBids(NOW - 5_000));
            assertThat(driver.metadata()).isEqualTo("h:" + (NOW - 5_000));
            driver.process(null, noBids(NOW - 6_000));
            assertThat(driver.metadata()).isEqualTo("h:" + (NOW - 5_000));
            driver.process(null, noBids(NOW + 400_000)); // max-skew allows 300 s
            assertThat(driver.metadata()).isEqualTo("h:" + (NOW - 5_000));
            driver.process(null, noBids(NOW + 60_000));
            assertThat(driver.metadata()).isEqualTo("h:" + NOW);
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void recordsWithoutEventsThatTellTheirTimesAreActivity() {
        PipelineDefinition split = Definitions.of(Definitions.forEach("seatbid.bid", Definitions.clicks()));
        try (TaskDriver driver = ShuffleTaskTest.driver(split, Mode.STRAIGHT).partitionCount(5)) {
            driver.clock().advance(Duration.ofSeconds(9));
            driver.process(null, noBids(NOW + 8_000));
            driver.clock().advance(Duration.ofSeconds(1));
            driver.tick(true);
            assertThat(ticks(driver)).containsExactly(tick(NOW + 10_000, OptionalLong.of(NOW + 8_000), 1_000, false));
        }
    }

    /** They could never raise the highest time: as activity, they would hold back all other streams for ever. */
    @Test
    void recordsWithoutEventsAndTimesLeaveThePartitionIdle() {
        PipelineDefinition split = Definitions.of(Definitions.forEach("ts", Definitions.clicks()));
        try (TaskDriver driver = ShuffleTaskTest.driver(split, Mode.STRAIGHT).partitionCount(5)) {
            driver.process(null, "{\"ts\": 7}".getBytes(StandardCharsets.UTF_8)); // a dead letter is activity
            for (int second = 1; second <= 10; second++) {
                driver.clock().advance(Duration.ofSeconds(1));
                driver.process(null, "{\"ts\": []}".getBytes(StandardCharsets.UTF_8));
            }
            driver.tick(true);
            assertThat(ticks(driver)).containsExactly(tick(NOW + 10_000, OptionalLong.empty(), 10_000, true));
        }
    }

    @Test
    void metadataThatItNeverWroteIsRefused() {
        ShuffleJob job = new ShuffleJob(DEFINITION);
        for (String metadata : List.of("h:", "h:x", "12345", "other")) {
            assertThatThrownBy(() -> job.open(context(0, metadata, new SettableClock(NOW))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("raw-0")
                    .hasMessageContaining("'" + metadata + "'");
        }
    }

    @Test
    void theContainerReadsTheRawTopicsAndIsAskedForTicks() {
        ContainerSettings settings = ShuffleJob.settings(DEFINITION, "a", 1);
        assertThat(settings.id()).isEqualTo("acme.ads-shuffle-a-1");
        assertThat(settings.inputs()).containsExactly("raw");
        assertThat(settings.inputsMayGrow()).isTrue();
        assertThat(settings.outputs()).isEqualTo(Map.of("acme.ads.shuffled", Definitions.PARTITIONS));
        assertThat(settings.deadLetterTopic()).isEqualTo("acme.ads.dead-letter");
        assertThat(settings.changelog()).isEmpty();
        assertThat(settings.pipeline().tickInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.pipeline().maxRecordBytes()).isEqualTo(1_000);
        assertThat(new ShuffleJob(DEFINITION).ticks()).isTrue();
    }

    private static TaskContext context(int partition, String metadata, SettableClock clock) {
        return new TaskContext(new TopicPartition("raw", partition), new Books(), metadata, Optional.empty(), clock);
    }

    private static ProgressTick tick(long clock, OptionalLong highest, long silence, boolean idle) {
        return new ProgressTick("test-driver-0", clock, List.of(new RawPartition("raw", 2, 5, highest, silence, idle)));
    }

    /** Each tick once; fails if not every shuffled partition got it. */
    private static List<ProgressTick> ticks(TaskDriver driver) {
        List<Output> all = driver.outputs("acme.ads.shuffled").stream()
                .filter(o -> EnvelopeCodec.isTick(o.value()))
                .toList();
        List<ProgressTick> ticks = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Output output = all.get(i);
            assertThat(output.partition()).isEqualTo(i % Definitions.PARTITIONS);
            assertThat(output.key()).isNull();
            ProgressTick tick = EnvelopeCodec.decodeTick(output.value());
            if (output.partition() == 0) {
                ticks.add(tick);
            } else {
                assertThat(tick).isEqualTo(ticks.get(ticks.size() - 1));
            }
        }
        return ticks;
    }

    private static byte[] noBids(long time) {
        return ("{\"seatbid\": [], \"ts\": " + time + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] click(long time) {
        return ("{\"imp_id\": \"i\", \"click_id\": \"c\", \"ts\": " + time + "}").getBytes(StandardCharsets.UTF_8);
    }
}
