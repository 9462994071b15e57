package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** DESIGN §4, rule by rule. Idle-after 30, lateness 5, first-event-timeout 1000, all in milliseconds. */
class WatermarkTest {
    private static final long NONE = Long.MIN_VALUE;

    private final Map<String, List<String>> twoStreams = streams("imp", List.of("imps"), "click", List.of("clicks"));
    private Watermark w = watermark(twoStreams);

    static Map<String, List<String>> streams(String a, List<String> topicsA, String b, List<String> topicsB) {
        Map<String, List<String>> streams = new LinkedHashMap<>();
        streams.put(a, topicsA);
        streams.put(b, topicsB);
        return streams;
    }

    static Watermark watermark(Map<String, List<String>> streams) {
        return new Watermark(streams, Duration.ofMillis(30), Duration.ofMillis(5), Duration.ofMillis(1000));
    }

    private long tick(String container, long clock, RawPartition... partitions) {
        w.update(new ProgressTick(container, clock, List.of(partitions)));
        return w.value();
    }

    static RawPartition busy(String topic, int number, int count, long highest) {
        return new RawPartition(topic, number, count, OptionalLong.of(highest), 0, false);
    }

    static RawPartition idle(String topic, int number, int count, long highest, long since) {
        return new RawPartition(topic, number, count, OptionalLong.of(highest), since, true);
    }

    static RawPartition empty(String topic, int number, int count, boolean idle) {
        return new RawPartition(topic, number, count, OptionalLong.empty(), 40, idle);
    }

    private void restart(Map<String, List<String>> streams) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        w.write(new DataOutputStream(bytes));
        w = watermark(streams);
        w.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    @Test
    void thereIsNoneBeforeAnyEvent() {
        assertThat(w.value()).isEqualTo(NONE);
        assertThat(tick("a", 5000)).isEqualTo(NONE);
        assertThat(tick("a", 9000, empty("imps", 0, 1, true), empty("clicks", 0, 1, true)))
                .isEqualTo(NONE);
    }

    @Test
    void theSlowestPartitionOfTheSlowestStreamMinusLateness() {
        assertThat(tick(
                        "a",
                        1000,
                        busy("imps", 0, 2, 900),
                        busy("imps", 1, 2, 800),
                        busy("clicks", 0, 2, 700),
                        busy("clicks", 1, 2, 750)))
                .isEqualTo(695);
    }

    @Test
    void aPartitionHoursBehindHoldsItBack() {
        tick("a", 100_000, busy("imps", 0, 2, 99_000), busy("imps", 1, 2, 2_000), busy("clicks", 0, 1, 99_000));
        assertThat(w.value()).isEqualTo(1_995);

        tick("a", 200_000, busy("imps", 0, 2, 199_000), busy("imps", 1, 2, 2_500), busy("clicks", 0, 1, 199_000));
        assertThat(w.value()).isEqualTo(2_495);
    }

    @Test
    void itNeverGoesBack() {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 900));
        assertThat(tick("a", 1001, busy("imps", 0, 2, 900), busy("imps", 1, 2, 100)))
                .isEqualTo(895);
        assertThat(tick("a", 1002, busy("imps", 1, 2, 899))).isEqualTo(895);
        assertThat(tick("a", 1003, busy("imps", 1, 2, 910), busy("imps", 0, 2, 920), busy("clicks", 0, 1, 905)))
                .isEqualTo(900);
    }

    @Test
    void aHighestTimeNeverGoesBackEither() {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 800));
        // A new owner that has not sent anything yet.
        assertThat(tick("b", 1001, empty("imps", 0, 1, false), busy("clicks", 0, 1, 850)))
                .isEqualTo(845);
    }

    @Test
    void anIdlePartitionDoesNotHoldItsStreamBack() {
        assertThat(tick("a", 1000, busy("imps", 0, 2, 900), idle("imps", 1, 2, 100, 40), busy("clicks", 0, 1, 900)))
                .isEqualTo(895);
    }

    @Test
    void anIdlePartitionWithoutAnyRecordDoesNotEither() {
        assertThat(tick("a", 1000, busy("imps", 0, 2, 900), empty("imps", 1, 2, true), busy("clicks", 0, 1, 900)))
                .isEqualTo(895);
    }

    @Test
    void aPartitionWithoutAnyRecordThatIsNotIdleHoldsItBack() {
        assertThat(tick("a", 1000, busy("imps", 0, 2, 900), empty("imps", 1, 2, false), busy("clicks", 0, 1, 900)))
                .isEqualTo(NONE);
    }

    @Test
    void aPartitionThatIsCountedButNotReportedHoldsItBack() {
        assertThat(tick("a", 1000, busy("imps", 0, 2, 900), busy("clicks", 0, 1, 900)))
                .isEqualTo(NONE);
        assertThat(tick("b", 1000, busy("imps", 1, 2, 800))).isEqualTo(795);
    }

    @Test
    void aNewPartitionHoldsItUntilItIsReported() {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 900));
        assertThat(tick("a", 1100, busy("imps", 0, 2, 1000), busy("clicks", 0, 1, 1000)))
                .isEqualTo(895);
        assertThat(tick("b", 1101, empty("imps", 1, 2, false))).isEqualTo(895);
        assertThat(tick("b", 1140, empty("imps", 1, 2, true))).isEqualTo(995);
    }

    @Test
    void aTopicNobodyReportsHoldsItBack() {
        w = watermark(streams("imp", List.of("imps", "imps-eu"), "click", List.of("clicks")));
        assertThat(tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 900)))
                .isEqualTo(NONE);
        assertThat(tick("b", 1000, busy("imps-eu", 0, 1, 850))).isEqualTo(845);
    }

    @Test
    void anIdleFlagCountsWhileItsTickIsFresh() {
        tick("a", 1000, busy("imps", 0, 2, 900), busy("clicks", 0, 1, 900));
        tick("b", 1000, idle("imps", 1, 2, 100, 40));
        assertThat(w.value()).isEqualTo(895);

        assertThat(tick("a", 1030, busy("imps", 0, 2, 930), busy("clicks", 0, 1, 930)))
                .isEqualTo(925);
        // 31 older than the newest tick: b may be dead, and its partition filling up.
        assertThat(tick("a", 1031, busy("imps", 0, 2, 931), busy("clicks", 0, 1, 931)))
                .isEqualTo(925);
        assertThat(tick("a", 5000, busy("imps", 0, 2, 4900), busy("clicks", 0, 1, 4900)))
                .isEqualTo(925);
    }

    @Test
    void aDeadContainersBusyPartitionHoldsAtItsLastHighestTime() {
        tick("a", 1000, busy("imps", 0, 2, 900), busy("clicks", 0, 1, 900));
        tick("b", 1000, busy("imps", 1, 2, 890));
        assertThat(tick("a", 9000, busy("imps", 0, 2, 8900), busy("clicks", 0, 1, 8900)))
                .isEqualTo(885);
    }

    @Test
    void aTakeoverByAnotherContainerGoesOnFromThere() {
        aDeadContainersBusyPartitionHoldsAtItsLastHighestTime();

        assertThat(tick("a", 9001, busy("imps", 0, 2, 8900), busy("imps", 1, 2, 5000), busy("clicks", 0, 1, 8900)))
                .isEqualTo(4995);
        assertThat(tick("a", 9002, busy("imps", 1, 2, 9000))).isEqualTo(8895);
    }

    @Test
    void aWhollyIdleStreamGoesOnByTheClock() {
        tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 2, 500, 100), idle("clicks", 1, 2, 600, 40));
        // the maximum plus the time since the last record of the stream
        assertThat(w.value()).isEqualTo(635);

        // the tick that told of the clicks is 20 old by now
        assertThat(tick("b", 1020, busy("imps", 0, 1, 1000))).isEqualTo(655);
    }

    @Test
    void aStreamThatIsOnlyStalelyIdleDoesNotGoOnByTheClock() {
        tick("a", 1000, idle("clicks", 0, 1, 600, 40));
        tick("b", 1000, busy("imps", 0, 1, 900));
        assertThat(w.value()).isEqualTo(635);

        // The container of the clicks died in the night; nobody reads them.
        tick("b", 1030, busy("imps", 0, 1, 1000));
        assertThat(w.value()).isEqualTo(665);
        tick("b", 9000, busy("imps", 0, 1, 8900));
        assertThat(w.value()).isEqualTo(665);

        // In the morning another reads on, still behind.
        tick("b", 9010, busy("imps", 0, 1, 8900), busy("clicks", 0, 1, 1700));
        assertThat(w.value()).isEqualTo(1695);
    }

    @Test
    void whenAWhollyIdleStreamWakesNoneOfItsPartitionsIsIdleForAWhile() {
        tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 2, 500, 50), idle("clicks", 1, 2, 600, 50));
        assertThat(w.value()).isEqualTo(645);

        // Partition 0 has a record; partition 1 has some too, but its reader has not seen them yet.
        tick("a", 1300, busy("imps", 0, 1, 1300), busy("clicks", 0, 2, 1300), idle("clicks", 1, 2, 600, 350));
        assertThat(w.value()).isEqualTo(645);
        tick("a", 1329, busy("imps", 0, 1, 1329), busy("clicks", 0, 2, 1329), idle("clicks", 1, 2, 600, 379));
        assertThat(w.value()).isEqualTo(645);
        tick("a", 1330, busy("imps", 0, 1, 1330), busy("clicks", 0, 2, 1330), idle("clicks", 1, 2, 600, 380));
        assertThat(w.value()).isEqualTo(1325);
    }

    @Test
    void aWakingStreamGoesOnAsSoonAsAllItsPartitionsHaveRecords() {
        tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 2, 500, 50), idle("clicks", 1, 2, 600, 50));
        tick("a", 1300, busy("imps", 0, 1, 1300), busy("clicks", 0, 2, 1300), busy("clicks", 1, 2, 1200));
        assertThat(w.value()).isEqualTo(1195);
    }

    @Test
    void aStreamWithoutAnyEventHoldsItForFirstEventTimeoutAtMost() {
        tick("a", 100, empty("imps", 0, 1, true), empty("clicks", 0, 1, true));
        tick("a", 5000, busy("imps", 0, 1, 4900), empty("clicks", 0, 1, true));
        assertThat(w.value()).isEqualTo(NONE);
        tick("a", 5999, busy("imps", 0, 1, 5900), empty("clicks", 0, 1, true));
        assertThat(w.value()).isEqualTo(NONE);
        tick("a", 6000, busy("imps", 0, 1, 5901), empty("clicks", 0, 1, true));
        assertThat(w.value()).isEqualTo(5896);
        // The first click arrives after that: the stream counts from then on.
        tick("a", 6100, busy("imps", 0, 1, 6050), busy("clicks", 0, 1, 6000));
        assertThat(w.value()).isEqualTo(5995);
    }

    @Test
    void clocksOfSeveralContainersMayDiffer() {
        tick("a", 1000, busy("imps", 0, 1, 900));
        // b's clock is 20 behind: its flag is fresh enough, and 20 are taken for the age of its tick.
        tick("b", 980, idle("clicks", 0, 1, 600, 40));
        assertThat(w.value()).isEqualTo(655);
    }

    @Test
    void aClockThatRunsBackwardsOnlyHoldsTheWatermark() {
        tick("a", 10_000, busy("imps", 0, 1, 9_900), idle("clicks", 0, 1, 9_000, 100));
        assertThat(w.value()).isEqualTo(9_095);

        tick("a", 5_000, busy("imps", 0, 1, 9_950), idle("clicks", 0, 1, 9_000, 0));
        assertThat(w.value()).isEqualTo(9_095);
        tick("a", 5_100, busy("imps", 0, 1, 9_960), busy("clicks", 0, 1, 9_950));
        assertThat(w.value()).isEqualTo(9_945);
    }

    @Test
    void severalTopicsOfOneStream() {
        w = watermark(streams("imp", List.of("imps", "imps-eu"), "click", List.of("clicks")));
        tick("a", 1000, busy("imps", 0, 1, 900), busy("imps-eu", 0, 1, 700), busy("clicks", 0, 1, 900));
        assertThat(w.value()).isEqualTo(695);
        tick("a", 1100, busy("imps", 0, 1, 1000), idle("imps-eu", 0, 1, 700, 50), busy("clicks", 0, 1, 950));
        assertThat(w.value()).isEqualTo(945);
    }

    @Test
    void oneTopicSharedByTwoStreams() {
        w = watermark(streams("imp", List.of("events"), "click", List.of("events", "clicks")));
        tick("a", 1000, busy("events", 0, 1, 900), busy("clicks", 0, 1, 800));
        assertThat(w.value()).isEqualTo(795);
        tick("a", 1010, busy("events", 0, 1, 950), busy("clicks", 0, 1, 1000));
        assertThat(w.value()).isEqualTo(945);
    }

    @Test
    void topicsNotInTheDefinitionAreForgotten() throws IOException {
        w = watermark(streams("imp", List.of("imps", "old"), "click", List.of("clicks")));
        tick("a", 1000, busy("imps", 0, 1, 900), busy("old", 0, 1, 100), busy("clicks", 0, 1, 900));
        assertThat(w.value()).isEqualTo(95);

        restart(twoStreams);

        assertThat(tick("a", 1001, busy("old", 0, 1, 110))).isEqualTo(895);
    }

    @Test
    void aStreamNewInTheDefinitionHoldsItLikeAnyOther() throws IOException {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 900));
        Map<String, List<String>> three = new LinkedHashMap<>(twoStreams);
        three.put("conv", List.of("convs"));
        restart(three);

        tick("a", 1100, busy("imps", 0, 1, 1000), busy("clicks", 0, 1, 1000), busy("convs", 0, 1, 950));
        assertThat(w.value()).isEqualTo(945);
    }

    @Test
    void allTopicsNewInTheDefinition() throws IOException {
        tick("a", 1000, busy("imps", 0, 1, 900), busy("clicks", 0, 1, 900));
        restart(streams("imp", List.of("imps-2"), "click", List.of("clicks-2")));

        assertThat(tick("a", 9000, empty("imps-2", 0, 1, false))).isEqualTo(895);
        assertThat(tick("a", 9001, busy("imps-2", 0, 1, 8000), busy("clicks-2", 0, 1, 8000)))
                .isEqualTo(7995);
    }

    @Test
    void aSuccessorKnowsEverything() throws IOException {
        tick("a", 1000, busy("imps", 0, 1, 900), idle("clicks", 0, 2, 500, 50), idle("clicks", 1, 2, 600, 50));
        tick("b", 1300, busy("clicks", 0, 2, 1300));
        byte[] before = bytes();
        restart(twoStreams);

        assertThat(bytes()).isEqualTo(before);
        assertThat(w.value()).isEqualTo(645);
        // still awake since 1300
        tick("a", 1329, busy("imps", 0, 1, 1329), busy("clicks", 0, 2, 1329), idle("clicks", 1, 2, 600, 379));
        assertThat(w.value()).isEqualTo(645);
        tick("a", 1330, busy("imps", 0, 1, 1330), busy("clicks", 0, 2, 1330), idle("clicks", 1, 2, 600, 380));
        assertThat(w.value()).isEqualTo(1325);
    }

    @Test
    void aSuccessorGoesOnCountingTheFirstEventTimeout() throws IOException {
        tick("a", 5000, busy("imps", 0, 1, 4900), empty("clicks", 0, 1, true));
        restart(twoStreams);
        assertThat(tick("a", 5999, busy("imps", 0, 1, 5900))).isEqualTo(NONE);
        assertThat(tick("a", 6000, busy("imps", 0, 1, 5900))).isEqualTo(5895);
    }

    @Test
    void absurdNumbersDoNotWrapAround() {
        tick("a", Long.MIN_VALUE, busy("imps", 0, 1, Long.MIN_VALUE), busy("clicks", 0, 1, 5));
        assertThat(w.value()).isEqualTo(NONE);
        tick(
                "a",
                Long.MAX_VALUE,
                idle("imps", 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE),
                idle("clicks", 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE));
        assertThat(w.value()).isEqualTo(Long.MAX_VALUE - 5);
    }

    private byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        w.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }
}
