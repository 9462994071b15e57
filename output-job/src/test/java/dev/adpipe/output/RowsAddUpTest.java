package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.chain;
import static dev.adpipe.output.Pipeline.part;
import static dev.adpipe.output.Pipeline.process;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever comes: per campaign, the rows' sums are the events that became rows, and each other event is a dead letter. */
class RowsAddUpTest {
    private static final List<String> CAMPAIGNS = List.of("a", "b", "c", "d");
    private static final String OUTPUT = """
            dimensions {
              campaign { field = impression.campaign, default = lost }
              n { field = impression.n, type = long }
            }
            metrics {
              impressions { on = impression, value = 1 }
              clicks { on = click, value = 1 }
              cost { on = click, field = click.cost, type = long }
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void sumsOfRowsAreCountsOfEvents(Mode mode) throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed of RowsAddUpTest: " + seed);
        Random random = new Random(seed);
        Map<String, Long> expected = new TreeMap<>();
        long bad = 0;
        long events = 2_000;
        OutputJob job = new OutputJob(Pipeline.definition(folder, OUTPUT));
        try (TaskDriver driver = Pipeline.driver(job, mode)) {
            for (int i = 0; i < events; i++) {
                String campaign = CAMPAIGNS.get(random.nextInt(CAMPAIGNS.size()));
                boolean broken = random.nextInt(20) == 0;
                String n = broken ? "\"x\"" : Integer.toString(random.nextInt(100));
                Part impression = part(
                        "impression",
                        "i" + i,
                        1_600_000_000_000L + i,
                        "{\"campaign\":\"" + campaign + "\",\"n\":" + n + "}");
                int cost = random.nextInt(1_000);
                Part click = part("click", "c" + i, 1_600_000_001_000L + i, "{\"cost\":" + cost + "}");
                switch (random.nextInt(3)) {
                    case 0 -> {
                        process(driver, chain("k" + i, 1, impression));
                        bad += broken ? 1 : 0;
                        count(expected, campaign + " impressions", broken ? 0 : 1);
                    }
                    case 1 -> {
                        process(driver, chain("k" + i, 1, impression, click));
                        bad += broken ? 1 : 0;
                        count(expected, campaign + " clicks", broken ? 0 : 1);
                        count(expected, campaign + " cost", broken ? 0 : cost);
                    }
                    default -> {
                        process(driver, chain("k" + i, 1, click));
                        count(expected, "lost clicks", 1);
                        count(expected, "lost cost", cost);
                    }
                }
            }
            assertThat(sums(driver)).isEqualTo(expected);
            assertThat(driver.books().in()).isEqualTo(events);
            assertThat(driver.books().emitted()).isEqualTo(events - bad);
            assertThat(driver.books().deadLettered()).isEqualTo(bad);
            driver.assertBalanced();
        }
    }

    private static Map<String, Long> sums(TaskDriver driver) throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        for (String row : Pipeline.rows(driver)) {
            JsonNode node = new ObjectMapper().readTree(row);
            for (String metric : List.of("impressions", "clicks", "cost")) {
                count(
                        sums,
                        node.get("campaign").asText() + " " + metric,
                        node.get(metric).asLong());
            }
        }
        return sums;
    }

    private static void count(Map<String, Long> counts, String name, long more) {
        if (more != 0) {
            counts.merge(name, more, Long::sum);
        }
    }
}
