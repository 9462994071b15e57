package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.chain;
import static dev.adpipe.output.Pipeline.part;
import static dev.adpipe.output.Pipeline.process;
import static dev.adpipe.output.Pipeline.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Records of several events, as {@code emit = on-close} writes them: a row for each event, the one that eager gives, or none at all. */
class OnCloseRecordsTest {
    private static final String OUTPUT = """
            dimensions {
              campaign = impression.campaign
              ref = click.ref
              n { field = impression.n, type = long }
            }
            metrics {
              impressions { on = impression, value = 1 }
              clicks { on = click, value = 1 }
              cost { on = click, field = click.cost, type = long, default = 0 }
            }
            transform = tidy
            """;

    @TempDir
    Path folder;

    private TaskDriver driver(String output, Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), mode);
    }

    private static Part impression(String id, String json, int ordinal) {
        return part("impression", id, 1_000_000, json, Part.ROOT, ordinal);
    }

    private static Part click(String id, String json, int parent, int ordinal) {
        return part("click", id, 1_000_500, json, parent, ordinal);
    }

    @ParameterizedTest
    @EnumSource
    void aRowForEachEventThatTheRecordCounts(Mode mode) {
        String output = """
                dimensions { c = impression.c, ref = click.ref }
                metrics {
                  impressions { on = impression, value = 1 }
                  clicks { on = click, value = 1 }
                }
                """;
        try (TaskDriver driver = driver(output, mode)) {
            process(
                    driver,
                    new JoinedEvent(
                            "k",
                            List.of(
                                    impression("i", "{\"c\": \"men\"}", 0),
                                    click("c2", "{\"ref\": \"b\"}", 0, 2),
                                    impression("j", "{\"c\": \"all\"}", 2),
                                    click("c1", "{\"ref\": \"a\"}", 2, 1))));

            assertThat(rows(driver))
                    .containsExactly(
                            "{\"__time\":\"1970-01-01T00:16:40.500Z\",\"c\":\"men\",\"ref\":\"b\",\"impressions\":0,\"clicks\":1}",
                            "{\"__time\":\"1970-01-01T00:16:40.000Z\",\"c\":\"all\",\"ref\":null,\"impressions\":1,\"clicks\":0}",
                            "{\"__time\":\"1970-01-01T00:16:40.500Z\",\"c\":\"all\",\"ref\":\"a\",\"impressions\":0,\"clicks\":1}");
            assertThat(driver.books().encode()).isEqualTo("in:3,added:0,emitted:3,duplicate:0,held:0");
        }
    }

    /** Time by the root, too; the transform writes down everything that a view tells. */
    @ParameterizedTest
    @CsvSource({"STRAIGHT, 300", "REOPEN, 60", "ABORT, 60"})
    void rowsAreThoseThatEagerRecordsGive(Mode mode, int rounds) {
        long seed = new Random().nextLong();
        System.out.println("seed of OnCloseRecordsTest: " + seed);
        Random random = new Random(seed);
        for (String time : List.of("event", "root")) {
            String output = "time = " + time + "\n" + OUTPUT;
            try (TaskDriver together = driver(output, mode);
                    TaskDriver eager = driver(output, mode)) {
                for (int round = 0; round < rounds; round++) {
                    JoinedEvent record = record("k" + round, random);
                    process(together, record);
                    for (int place = 0; place < record.events().size(); place++) {
                        Part event = record.events().get(place);
                        if (event.counted()) {
                            Part[] parts = record.chain(place).stream()
                                    .map(at -> record.events().get(at))
                                    .toArray(Part[]::new);
                            process(eager, chain(record.joinKey(), event.ordinal(), parts));
                        }
                    }
                }
                assertThat(rows(together)).containsExactlyElementsOf(rows(eager));
                assertThat(together.books().encode()).isEqualTo(eager.books().encode());
            }
        }
    }

    /** Families of impressions and clicks, some of them there for reference only, and orphans. */
    private static JoinedEvent record(String key, Random random) {
        List<Part> parts = new ArrayList<>();
        int clicks = 0;
        for (int i = 1; i <= 1 + random.nextInt(4); i++) {
            int place = parts.size();
            long time = 1_600_000_000_000L + random.nextInt(100_000);
            String json = "{\"campaign\": \"c" + random.nextInt(5) + "\", \"n\": " + i + "}";
            parts.add(part("impression", "i" + i, time, json, Part.ROOT, random.nextInt(4) == 0 && i == 1 ? 0 : i));
            for (int c = 0; c < random.nextInt(4); c++) {
                int parent = random.nextInt(6) == 0 ? Part.ROOT : place;
                String click = "{\"ref\": \"r" + random.nextInt(9) + "\", \"cost\": " + random.nextInt(50) + "}";
                clicks++;
                parts.add(part("click", "c" + clicks, time + random.nextInt(9_000), click, parent, clicks));
            }
        }
        parts.add(part("click", "last", 1_600_000_000_000L, "{}", Part.ROOT, clicks + 1));
        return new JoinedEvent(key, parts);
    }

    /** Whatever is wrong with one event, its replay must not double the others. */
    @ParameterizedTest
    @CsvSource({
        "STRAIGHT, bad-value, 'men', 'x', {}",
        "REOPEN, malformed, 'men', 1, broken",
        "ABORT, malformed, 'men', 1, broken",
        "STRAIGHT, transform-failed, 'explode', 1, {}",
        "REOPEN, bad-value, 'men', 'x', {}",
        "ABORT, transform-failed, 'explode', 1, {}"
    })
    void allRowsOrNone(Mode mode, String reason, String campaign, String n, String click) {
        JoinedEvent record = new JoinedEvent(
                "k",
                List.of(
                        impression("good", "{\"campaign\": \"men\", \"n\": 1}", 1),
                        impression("i", "{\"campaign\": \"" + campaign + "\", \"n\": \"" + n + "\"}", 2),
                        click("c", click, 1, 1),
                        click("d", "{}", 0, 2)));
        try (TaskDriver driver = driver(OUTPUT, mode)) {
            process(driver, record);

            assertThat(rows(driver)).isEmpty();
            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(reason);
                assertThat(letter.record().value()).isEqualTo(EnvelopeCodec.encode(record));
            });
            assertThat(driver.books().encode())
                    .isEqualTo("in:4,added:0,emitted:0,duplicate:0,held:0,d." + reason + ":4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowTooLargeTakesTheOthersWithIt(Mode mode) {
        String output = "dimensions.c = impression.c, metrics { impressions { on = impression, value = 1 } }";
        String large = "c".repeat(2 * 1024 + 64 * 1024);
        try (TaskDriver driver = driver(output, mode)) {
            process(
                    driver,
                    new JoinedEvent(
                            "k",
                            List.of(
                                    impression("i", "{\"c\": \"men\"}", 1),
                                    impression("j", "{\"c\": \"" + large + "\"}", 2))));

            assertThat(rows(driver)).isEmpty();
            assertThat(driver.books().deadLetteredByReason()).containsEntry("too-large", 2L);
        }
    }
}
