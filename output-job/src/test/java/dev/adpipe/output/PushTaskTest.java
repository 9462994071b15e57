package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.click;
import static dev.adpipe.output.Pipeline.impression;
import static dev.adpipe.output.Pipeline.part;
import static dev.adpipe.output.Pipeline.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.Measures;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.definition.OutputSettings.Sink.Tranquility;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are pushed: what is settled, when it is counted, and what is pushed again. */
class PushTaskTest {
    private static final String OUTPUT = """
            dimensions { campaign = impression.campaign, n { field = impression.n, type = long } }
            metrics { impressions { on = impression, value = 1 }, clicks { on = click, value = 1 } }
            sink { type = tranquility, datasource = ads, plugin-dir = none, zookeeper = "z:2181" }
            """;

    @TempDir
    Path folder;

    private final FakeTarget target = new FakeTarget();
    private OutputJob job;

    @ParameterizedTest
    @EnumSource
    void eachRecordEndsOnceInTheBooksAndIsPushedAtLeastOnce(Mode mode) {
        try (TaskDriver driver = driver(mode)) {
            process(driver, impression("{\"campaign\": \"a\"}"));
            process(driver, impression("{\"campaign\": \"late\"}"));
            process(driver, impression("{\"campaign\": \"b\", \"n\": \"x\"}"));
            process(driver, impression("{\"campaign\": \"c\"}"), click("{}"));

            assertThat(driver.books().in()).isEqualTo(4);
            assertThat(driver.books().emitted()).isEqualTo(2);
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("dropped", "bad-value");
            assertThat(driver.deadLetters().get(0).explanation())
                    .startsWith(
                            "Tranquility dropped 1 of 1 rows of the record for datasource ads, the first of the time"
                                    + " 2019-11-24T00:01:03.979Z, at 1970-01-01T00:00:00Z; it takes rows up to window-period PT10M");
            driver.assertBalanced();
            assertThat(driver.outputs()).as("written to Kafka").isEmpty();
            assertThat(target.sent.stream().distinct())
                    .containsExactly(
                            "{\"__time\":\"2019-11-24T00:01:03.979Z\",\"campaign\":\"a\",\"n\":null,\"clicks\":0,\"impressions\":1}",
                            "{\"__time\":\"2019-11-24T00:01:24.000Z\",\"campaign\":\"c\",\"n\":null,\"clicks\":1,\"impressions\":0}");
            if (mode != Mode.ABORT) {
                assertThat(target.sent).doesNotHaveDuplicates();
                assertThat(counts()).isEqualTo(Map.of("sent", 2L, "dropped", 1L, "failed", 0L));
            }
        }
        assertThat(target.closed).isTrue();
    }

    @Test
    void nothingIsCountedOrCommittedBeforeItsAnswerNorBeforeThoseOfEarlierRecords() {
        target.slow = true;
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            process(driver, impression("{\"campaign\": \"a\"}"));
            process(driver, impression("{\"campaign\": \"b\", \"n\": \"x\"}"));
            process(driver, impression("{\"campaign\": \"c\"}"));
            assertThat(driver.task().firstUnsettled()).hasValue(0);
            assertThat(driver.books().in()).isZero();
            assertThat(driver.deadLetters()).isEmpty();

            Runnable first = target.answers.poll();
            target.answerAll();
            driver.work();
            assertThat(driver.task().firstUnsettled()).hasValue(0);
            assertThat(driver.books().in()).isZero();

            first.run();
            driver.work();
            assertThat(driver.task().firstUnsettled()).isEmpty();
            assertThat(driver.books().emitted()).isEqualTo(2);
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("bad-value");
            driver.assertBalanced();
        }
    }

    @Test
    void rowsThatFailWaitAndArePushedAgainAfterAWhile() {
        target.away = true;
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            driver.clock().set(10_000);
            process(driver, impression("{\"campaign\": \"a\"}"));
            driver.work();
            target.away = false;
            process(driver, impression("{\"campaign\": \"b\"}"));
            driver.clock().set(10_999);
            driver.work();
            assertThat(target.sent).isEmpty();
            assertThat(driver.task().firstUnsettled()).hasValue(0);
            assertThat(counts()).isEqualTo(Map.of("sent", 0L, "dropped", 0L, "failed", 1L));

            driver.clock().set(11_000);
            driver.work();
            assertThat(target.sent).hasSize(2);
            assertThat(driver.task().firstUnsettled()).isEmpty();
            assertThat(driver.books().emitted()).isEqualTo(2);
        }
    }

    @Test
    void aTargetWithoutRoomMakesTheTaskFullAndLosesNothing() {
        target.room = 0;
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            for (int n = 0; n < PushTask.MOST_UNSETTLED; n++) {
                assertThat(driver.task().full()).isFalse();
                process(driver, impression("{\"campaign\": " + n + "}"));
            }
            assertThat(driver.task().full()).isTrue();
            target.room = 10;
            driver.work();
            assertThat(driver.task().full()).isFalse();
            assertThat(driver.task().firstUnsettled()).hasValue(10);
            target.room = Integer.MAX_VALUE;
            driver.work();
            assertThat(driver.books().emitted()).isEqualTo(PushTask.MOST_UNSETTLED);
            assertThat(target.sent).hasSize(PushTask.MOST_UNSETTLED).doesNotHaveDuplicates();
        }
    }

    @Test
    void ofARecordWithSeveralRowsTheSentOnesAreEmittedAndTheRecordIsADeadLetterForTheOthers() {
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            JoinedEvent closed = new JoinedEvent(
                    "k",
                    List.of(
                            part("impression", "i", 0, "{\"campaign\": \"a\"}", -1, 1),
                            part("impression", "j", 0, "{\"campaign\": \"late\"}", -1, 1)));
            process(driver, closed);
            assertThat(driver.books().encode()).isEqualTo("in:2,added:0,emitted:1,duplicate:0,held:0,d.dropped:1");
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.explanation()).contains("dropped 1 of 2 rows"));
        }
    }

    /** The sink's counters, by outcome. */
    private Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        job.declare(new Measures() {
            @Override
            public void unmatched(Collection<String> reasons) {}

            @Override
            public void deadLetters(Collection<String> reasons) {
                assertThat(reasons).contains("dropped");
            }

            @Override
            public void counter(String name, String help, String label, String value, LongSupplier total) {
                if (name.equals("push.rows") && label.equals("outcome")) {
                    counts.put(value, total.getAsLong());
                }
            }

            @Override
            public void gauge(String name, String help, String label, String value, DoubleSupplier now) {}
        });
        return counts;
    }

    private TaskDriver driver(Mode mode) {
        job = new OutputJob(Pipeline.definition(folder, OUTPUT), RowRange.ALL, definition -> {
            return new PushSink((Tranquility) definition.output().sink(), target, () -> {});
        });
        return Pipeline.driver(job, mode);
    }
}
