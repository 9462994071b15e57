package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.click;
import static dev.adpipe.output.Pipeline.impression;
import static dev.adpipe.output.Pipeline.process;
import static dev.adpipe.output.Pipeline.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutputJobTest {
    private static final String FULL = """
            dimensions {
              campaign_id = impression.campaign
              item { field = impression.item_id, lookup = items, default = unknown }
              position { field = impression.user.position, type = long }
              score { field = impression.score, type = double }
              seen { field = impression.seen, type = boolean }
              ref { field = click.ref, steps = [trim, domain], default = none }
            }
            metrics {
              impressions { on = impression, value = 1 }
              clicks { on = click, value = 1 }
              weight { on = click, value = 0.5 }
              spend { on = click, field = impression.price, steps = [number], default = 0.25 }
              bids { on = click, field = click.bids, type = long }
            }
            lookups.items { type = file, path = "items.csv", key = id, value = name }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void rowsHaveTimeDimensionsAndMetricsInTheOrderOfTheFile(Mode mode) throws IOException {
        items("id,name\n2,Two\n");
        String imp = """
                {"campaign": "men", "item_id": 2, "user": {"position": 7}, "score": 0.045525, "seen": true, "price": "1,234.5"}""";
        try (TaskDriver driver = driver(FULL, mode)) {
            process(driver, impression(imp));
            process(driver, impression(imp), click("{\"ref\": \" https://www.Shop.example/x \", \"bids\": 3}"));
            process(driver, impression("{\"campaign\": 5, \"item_id\": 9, \"seen\": null}"), click("{}"));
            process(driver, click("{\"ref\": \"\", \"bids\": 1}"));

            assertThat(rows(driver)).containsExactly("""
                            {"__time":"2019-11-24T00:01:03.979Z","campaign_id":"men","item":"Two","position":7,\
                            "score":0.045525,"seen":true,"ref":"none",\
                            "impressions":1,"clicks":0,"weight":0.0,"spend":0.0,"bids":0}""", """
                            {"__time":"2019-11-24T00:01:24.000Z","campaign_id":"men","item":"Two","position":7,\
                            "score":0.045525,"seen":true,"ref":"shop.example",\
                            "impressions":0,"clicks":1,"weight":0.5,"spend":1234.5,"bids":3}""", """
                            {"__time":"2019-11-24T00:01:24.000Z","campaign_id":"5","item":"unknown","position":null,\
                            "score":null,"seen":null,"ref":"none",\
                            "impressions":0,"clicks":1,"weight":0.5,"spend":0.25,"bids":null}""", """
                            {"__time":"2019-11-24T00:01:24.000Z","campaign_id":null,"item":"unknown","position":null,\
                            "score":null,"seen":null,"ref":"none",\
                            "impressions":0,"clicks":1,"weight":0.5,"spend":0.25,"bids":1}""");
            assertThat(driver.outputs()).allSatisfy(out -> {
                assertThat(out.topic()).isEqualTo("acme.ads.rows");
                assertThat(out.partition()).isEqualTo(Pipeline.PARTITION);
                assertThat(out.keyText()).isEqualTo("key-1");
            });
            assertThat(driver.books().in()).isEqualTo(4);
            assertThat(driver.books().emitted()).isEqualTo(4);
            driver.assertBalanced();
        }
    }

    @Test
    void rootTimePutsAllRowsOfAChainUnderItsFirstEvent() {
        try (TaskDriver driver = driver("time = root, metrics { clicks { on = click, value = 1 } }", Mode.STRAIGHT)) {
            process(driver, impression("{}"), click("{}"));
            process(driver, click("{}"));
            assertThat(rows(driver))
                    .containsExactly(
                            "{\"__time\":\"2019-11-24T00:01:03.979Z\",\"clicks\":1}",
                            "{\"__time\":\"2019-11-24T00:01:24.000Z\",\"clicks\":1}");
        }
    }

    @Test
    void stepsSeeTheRawValueThenTheLookupThenTheTypeThenTheDefault() throws IOException {
        items("id,name\na1,10\nb,x\nnone,77\n");
        String output = """
                dimensions {
                  n { field = impression.n, steps = [trim, lower, { default = none }], lookup = items, type = long,
                      default = -1 }
                }
                metrics { impressions { on = impression, value = 1 } }
                lookups.items { type = file, path = "items.csv", key = id, value = name }
                """;
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, Mode.STRAIGHT)) {
            process(driver, impression("{\"n\": \" A1 \"}"));
            process(driver, impression("{}"));
            process(driver, impression("{\"n\": \"c\"}"));
            process(driver, impression("{\"n\": \"B\"}"));
            assertThat(rows(driver))
                    .extracting(r -> r.replaceAll(".*\"n\":(-?\\d+).*", "$1"))
                    .containsExactly("10", "77", "-1");
            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo("bad-value");
                assertThat(letter.explanation())
                        .startsWith("dimension n from field n of stream impression (event imp-1), value \"B\","
                                + " through lookup items, cleaned \"x\": type long takes whole numbers");
            });
            assertThat(job.lookupMisses().totals()).isEqualTo(Map.of("items", 1L));
        }
    }

    @Test
    void aChangedLookupFileIsUsedForLaterRows() throws IOException {
        items("id,name\n2,Two\n");
        try (TaskDriver driver = driver(FULL, Mode.REOPEN)) {
            driver.clock().set(10_000);
            process(driver, impression("{\"item_id\": 2}"));
            items("id,name\n2,Zwei\n");
            driver.clock().set(11_000);
            process(driver, impression("{\"item_id\": 2}"));
            driver.clock().set(12_000);
            process(driver, impression("{\"item_id\": 2}"));
            assertThat(rows(driver))
                    .extracting(r -> r.replaceAll(".*\"item\":\"(\\w+)\".*", "$1"))
                    .containsExactly("Two", "Two", "Zwei");
        }
    }

    @Test
    void halfASurrogatePairIsReplaced() {
        String output = "dimensions.c = impression.c, metrics { impressions { on = impression, value = 1 } }";
        try (TaskDriver driver = driver(output, Mode.STRAIGHT)) {
            process(driver, impression("{\"c\": \"a\\ud83d\"}"));
            process(driver, impression("{\"c\": \"\\ude00a\\\"\\ud83d\\ude00\"}"));
            assertThat(rows(driver))
                    .satisfiesExactly(
                            r -> assertThat(r).contains("\"c\":\"a\uFFFD\""),
                            r -> assertThat(r).contains("\"c\":\"\uFFFDa\\\"\uD83D\uDE00\""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransformChangesAddsAndDropsFields(Mode mode) {
        try (TaskDriver driver = driver(transformed("tidy"), mode)) {
            process(driver, impression("{\"campaign\": \"men\", \"position\": 1}"), click("{\"ref\": \"r\"}"));
            assertThat(rows(driver)).containsExactly("""
                            {"__time":"2019-11-24T00:01:24.000Z","campaign":"men!","clicks":1,"referrer":"r",\
                            "ordinal":1,"seen":"impression+click key-1 click imp-1 click-1 1574553663979 1574553684000"}""");
        }
    }

    @Test
    void aTransformMustBeThereOnceByItsName() {
        PipelineDefinition missing = Pipeline.definition(folder, transformed("tydi"));
        assertThatThrownBy(() -> new OutputJob(missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output.transform = tydi: 0 transforms")
                .hasMessageContaining("tidy (dev.adpipe.output.TidyTransform)")
                .hasMessageContaining("META-INF/services/dev.adpipe.output.RowTransform");
        PipelineDefinition twice = Pipeline.definition(folder, transformed("twin"));
        assertThatThrownBy(() -> new OutputJob(twice))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("output.transform = twin: 2 transforms");
    }

    @Test
    void refusesToStartWithABadLookupFile() throws IOException {
        items("id,name\n1,a,b\n");
        PipelineDefinition definition = Pipeline.definition(folder, FULL);
        assertThatThrownBy(() -> new OutputJob(definition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lookup items: " + folder.resolve("items.csv") + " line 2: has 3 fields");
    }

    @Test
    void settingsNameTheTopics() throws IOException {
        items("id,name\n");
        ContainerSettings settings = OutputJob.settings(Pipeline.definition(folder, FULL), "blue", 2);
        assertThat(settings.id()).isEqualTo("acme.ads-output-blue-2");
        assertThat(settings.inputs()).isEqualTo(List.of("acme.ads.joined"));
        assertThat(settings.inputsMayGrow()).isFalse();
        assertThat(settings.outputs()).isEqualTo(Map.of("acme.ads.rows", 4));
        assertThat(settings.deadLetterTopic()).isEqualTo("acme.ads.dead-letter");
        assertThat(settings.changelog()).isEmpty();
        assertThat(settings.pipeline().maxRecordBytes()).isEqualTo(1024);
    }

    private static String transformed(String name) {
        return """
                dimensions { campaign = impression.campaign, position = impression.position }
                metrics { clicks { on = click, value = 1 } }
                transform = %s
                """.formatted(name);
    }

    private TaskDriver driver(String output, Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), mode);
    }

    /** Its time is that of its text, so that each version has another. */
    private void items(String csv) throws IOException {
        Path file = folder.resolve("items.csv");
        Files.writeString(file, csv);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000L + csv.hashCode()));
    }
}
