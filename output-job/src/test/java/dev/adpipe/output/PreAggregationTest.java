package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.chain;
import static dev.adpipe.output.Pipeline.part;
import static dev.adpipe.output.Pipeline.process;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fewer rows with the same sums. */
class PreAggregationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOON = 1_600_000_000_000L - 1_600_000_000_000L % 60_000;
    private static final String OUTPUT = """
            dimensions { c = impression.c }
            metrics {
              impressions { on = impression, value = 1 }
              n { on = impression, field = impression.n, type = long }
              cost { on = impression, field = impression.cost }
            }
            row-count = events
            pre-aggregate { bucket = 1m, max-rows = 40 }
            """;

    @TempDir
    Path folder;

    private TaskDriver driver(String output, Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), mode);
    }

    private static void impression(TaskDriver driver, long time, String json) {
        process(driver, chain("k" + time, 1, part("impression", "i" + time, time, json)));
    }

    private static List<JsonNode> rows(TaskDriver driver) {
        return Pipeline.rows(driver).stream().map(PreAggregationTest::parsed).toList();
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sumsAreThoseOfTheEventsWhateverIsAbortedOrReopened(Mode mode) {
        long seed = new Random().nextLong();
        System.out.println("seed of PreAggregationTest: " + seed);
        Random random = new Random(seed);
        Map<String, BigDecimal> expected = new TreeMap<>();
        int events = 700;
        try (TaskDriver driver = driver(OUTPUT, mode)) {
            for (int i = 0; i < events; i++) {
                String c = "c" + random.nextInt(4);
                long time = NOON + random.nextInt(180_000);
                int n = random.nextInt(1_000);
                BigDecimal cost = BigDecimal.valueOf(random.nextInt(1_000_000), 4);
                impression(driver, time, "{\"c\":\"" + c + "\",\"n\":" + n + ",\"cost\":" + cost + "}");
                String group = c + " " + (time - time % 60_000);
                add(expected, group + " events", BigDecimal.ONE);
                add(expected, group + " impressions", BigDecimal.ONE);
                add(expected, group + " n", BigDecimal.valueOf(n));
                add(expected, group + " cost", cost);
            }
            List<JsonNode> rows = rows(driver);
            Map<String, BigDecimal> sums = new TreeMap<>();
            for (JsonNode row : rows) {
                String group = row.get("c").asText() + " "
                        + Instant.parse(row.get("__time").asText()).toEpochMilli();
                for (String metric : List.of("events", "impressions", "n", "cost")) {
                    add(
                            sums,
                            group + " " + metric,
                            new BigDecimal(row.get(metric).asText()));
                }
            }
            assertThat(sums)
                    .usingComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                    .isEqualTo(expected);
            // Straight through, 50 events are one commit, and there are 12 groups.
            assertThat(rows).hasSize(mode == Mode.STRAIGHT ? rows.size() : events);
            assertThat(rows.size()).isLessThanOrEqualTo(mode == Mode.STRAIGHT ? 14 * 12 : events);
            assertThat(driver.metadata()).isEqualTo("rows=" + events + "/" + rows.size());
            assertThat(driver.books().emitted()).isEqualTo(events);
            driver.assertBalanced();
        }
    }

    private static void add(Map<String, BigDecimal> sums, String name, BigDecimal more) {
        sums.merge(name, more.stripTrailingZeros(), (a, b) -> a.add(b).stripTrailingZeros());
    }

    @Test
    void decimalsAddUpAsTheyAreWritten() {
        try (TaskDriver driver = driver(OUTPUT, Mode.STRAIGHT)) {
            for (int i = 0; i < 10; i++) {
                impression(driver, NOON + i, "{\"c\":\"a\",\"n\":9007199254740993,\"cost\":0.1}");
            }
            // As doubles, ten times 0.1 is 0.9999999999999999.
            assertThat(Pipeline.rows(driver))
                    .containsExactly("{\"__time\":\""
                            + Instant.ofEpochMilli(NOON).toString().replace("Z", ".000Z")
                            + "\",\"c\":\"a\",\"impressions\":10,\"n\":90071992547409930,\"cost\":1.0,\"events\":10}");
        }
    }

    @Test
    void whatWouldOverflowBeginsARowOfItsOwn() {
        try (TaskDriver driver = driver(OUTPUT, Mode.STRAIGHT)) {
            impression(driver, NOON, "{\"c\":\"a\",\"n\":" + Long.MAX_VALUE + ",\"cost\":1}");
            impression(driver, NOON, "{\"c\":\"a\",\"n\":1,\"cost\":1}");
            impression(driver, NOON, "{\"c\":\"a\",\"n\":2,\"cost\":1e308}");
            impression(driver, NOON, "{\"c\":\"a\",\"n\":3,\"cost\":1e308}");

            assertThat(rows(driver))
                    .extracting(
                            row -> row.get("n").asLong() + " " + row.get("cost").asText())
                    .containsExactly(Long.MAX_VALUE + " 1.0", "3 1.0E308", "3 1.0E308");
        }
    }

    @Test
    void aMissingNumberAddsNothing() {
        try (TaskDriver driver = driver(OUTPUT, Mode.STRAIGHT)) {
            impression(driver, NOON, "{\"c\":\"a\"}");
            impression(driver, NOON, "{\"c\":\"a\",\"n\":5}");
            impression(driver, NOON, "{\"c\":\"a\"}");
            JsonNode row = rows(driver).get(0);

            assertThat(row.get("n").asLong()).isEqualTo(5);
            assertThat(row.get("cost").isNull()).isTrue();
            assertThat(row.get("events").asLong()).isEqualTo(3);
        }
    }

    @Test
    void nullIsAGroupOfItsOwn() {
        try (TaskDriver driver = driver(OUTPUT, Mode.STRAIGHT)) {
            impression(driver, NOON, "{\"c\":\"null\",\"n\":1}");
            impression(driver, NOON, "{\"n\":1}");
            assertThat(rows(driver)).hasSize(2);
        }
    }

    @Test
    void noMoreThanTheLimitAreHeld() {
        try (TaskDriver driver = driver(OUTPUT.replace("40", "3"), Mode.STRAIGHT)) {
            for (int round = 0; round < 2; round++) {
                for (String c : List.of("a", "b", "a", "c")) {
                    impression(driver, NOON, "{\"c\":\"" + c + "\",\"n\":1}");
                }
            }
            assertThat(rows(driver))
                    .extracting(row -> row.get("c").asText())
                    .containsExactly("a", "b", "c", "a", "b", "c");
        }
    }

    @Test
    void aRowThatWouldNotFitAndAMetricThatIsNoNumberAreDeadLetters() {
        String tidy = OUTPUT + "transform = tidy\n";
        try (TaskDriver driver = driver(OUTPUT, Mode.STRAIGHT)) {
            impression(driver, NOON, "{\"c\":\"" + "x".repeat(200_000) + "\",\"n\":1}");
            impression(driver, NOON, "{\"c\":\"y\",\"n\":1}");
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("too-large");
            assertThat(rows(driver)).hasSize(1);
            driver.assertBalanced();
        }
        try (TaskDriver driver = driver(
                tidy.replace(
                        "n { on = impression, field = impression.n, type = long }", "seen { on = click, value = 1 }"),
                Mode.STRAIGHT)) {
            impression(driver, NOON, "{\"c\":\"y\"}");
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("bad-value");
            assertThat(driver.deadLetters().get(0).explanation())
                    .contains("metric seen", "only numbers can be added up");
        }
    }
}
