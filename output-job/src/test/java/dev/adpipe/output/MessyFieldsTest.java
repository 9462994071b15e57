package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.click;
import static dev.adpipe.output.Pipeline.impression;
import static dev.adpipe.output.Pipeline.process;
import static dev.adpipe.output.Pipeline.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fields as exchanges really send them, from definition to row. */
class MessyFieldsTest {
    private static final String ONE = "metrics { impressions { on = impression, value = 1 } }\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void amountsComeIntoOneCurrencyExactly(Mode mode) throws IOException {
        Files.writeString(folder.resolve("fx.csv"), "cur,rate\nUSD,0.9\nJPY, 0.006 \nXAU,gold\n");
        String output = """
                metrics {
                  spend {
                    on = impression, field = impression.price, type = double
                    steps = [micros, { currency = EUR, from = impression.cur, otherwise = USD, rates = fx }]
                  }
                  floor {
                    on = impression, field = impression.floor, type = double
                    steps = [{ currency = EUR, from = impression.cur, otherwise = USD, rates { USD = 0.9, JPY = 0.006 } }]
                  }
                }
                lookups.fx { type = file, path = "fx.csv", key = cur, value = rate }
                """;
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, mode)) {
            process(driver, impression("{\"price\": 3000001, \"cur\": \" usd\", \"floor\": \"0.1\"}"));
            process(driver, impression("{\"price\": \"3000001\", \"cur\": \"EUR\", \"floor\": 7}"));
            process(driver, impression("{\"price\": 1e9, \"cur\": \"JPY\"}"));
            process(driver, impression("{\"price\": 10}"));
            process(driver, impression("{\"price\": 10, \"cur\": \"CHF\"}"));
            process(driver, impression("{\"price\": 10, \"cur\": \"XAU\"}"));
            assertThat(rows(driver))
                    .extracting(row -> row.replaceAll(".*\"spend\":", ""))
                    .containsExactly(
                            "2.7000009,\"floor\":0.09}",
                            "3.000001,\"floor\":7.0}",
                            "6.0,\"floor\":null}",
                            "9.0E-6,\"floor\":null}");
            assertThat(driver.deadLetters())
                    .extracting(letter -> letter.explanation().replaceAll(".*: step", "step"))
                    .containsExactly(
                            "step currency has no rate from \"CHF\" to EUR, in lookup fx",
                            "step currency takes rates above 0, and lookup fx has \"gold\" for XAU");
        }
    }

    @Test
    void anAmountWithoutCurrencyIsRefusedUnlessTheDefinitionSaysWhatItIs() {
        String output = """
                metrics.spend {
                  on = click, field = click.price
                  steps = [{ currency = EUR, from = impression.cur, rates { USD = 0.9 } }]
                }
                """;
        try (TaskDriver driver = driver(output, Mode.STRAIGHT)) {
            process(driver, impression("{\"cur\": \"USD\"}"), click("{\"price\": 1}"));
            process(driver, impression("{}"), click("{\"price\": 1}"));
            process(driver, impression("{}"), click("{}"));
            assertThat(rows(driver))
                    .extracting(row -> row.replaceAll(".*\"spend\":(.*)}", "$1"))
                    .containsExactly("0.9", "null");
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.explanation())
                            .contains("metric spend", "step currency finds none in field cur of stream impression"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsAreCleanedElementByElement(Mode mode) throws IOException {
        Files.writeString(folder.resolve("cats.csv"), "id,name\niab1,Arts\niab2,Cars\niab9,\n");
        String output = ONE + """
                dimensions {
                  cat { field = impression.cat, type = strings, steps = [trim, lower], lookup = cats, default = other }
                  words { field = impression.keywords, type = strings, steps = [{ split = "," }, lower] }
                  langs { field = impression.langs, type = strings, steps = [language], on-error = default, default = none }
                }
                lookups.cats { type = file, path = "cats.csv", key = id, value = name }
                """;
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, mode)) {
            process(driver, impression("""
                    {"cat": ["IAB1", " IAB2", null, "IAB7", "IAB9"], "keywords": "Shoes, shirts,", "langs": ["en-US", "fra"]}"""));
            process(driver, impression("""
                    {"cat": [], "keywords": ["A,B", "c"], "langs": ["en", "klingon"]}"""));
            process(driver, impression("{\"cat\": \"IAB2\", \"langs\": {}}"));
            process(driver, impression("{\"cat\": [[\"IAB2\"]]}"));
            assertThat(rows(driver))
                    .extracting(row -> row.replaceAll(".*\"cat\":(.*),\"impressions.*", "$1"))
                    .containsExactly(
                            "[\"Arts\",\"Cars\",\"other\"],\"words\":[\"shoes\",\"shirts\"],\"langs\":[\"en\",\"fr\"]",
                            "[\"other\"],\"words\":[\"a\",\"b\",\"c\"],\"langs\":[\"none\"]",
                            "[\"Cars\"],\"words\":null,\"langs\":[\"none\"]");
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.explanation()).contains("dimension cat", "not a list"));
            assertThat(job.lookupMisses().totals().get("cats")).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFieldSaysWhatBecomesOfABadValue(Mode mode) {
        String output = ONE + """
                metrics {
                  bids { on = impression, field = impression.bids, type = long, default = 0, on-error = default }
                  wins { on = impression, field = impression.wins, type = long, default = 0, on-error = null }
                }
                dimensions {
                  country { field = impression.country, steps = [country], default = unknown, on-error = default }
                  language { field = impression.language, steps = [language], default = unknown, on-error = null }
                  secure { field = impression.secure, steps = [boolean], type = boolean }
                }
                """;
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, mode)) {
            process(driver, impression("""
                    {"country": "Atlantis", "language": "klingon", "bids": "many", "wins": "none", "secure": "on"}"""));
            process(driver, impression("{\"country\": \"DEU\"}"));
            process(driver, impression("{\"secure\": \"perhaps\"}"));
            assertThat(rows(driver))
                    .extracting(row -> row.replaceAll(".*\"country\":(.*)}", "$1"))
                    .containsExactly(
                            "\"unknown\",\"language\":null,\"secure\":true,\"impressions\":1,\"bids\":0,\"wins\":null",
                            "\"DE\",\"language\":\"unknown\",\"secure\":null,\"impressions\":1,\"bids\":0,\"wins\":0");
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.explanation()).contains("dimension secure"));
            if (mode == Mode.STRAIGHT) {
                assertThat(job.replacedValues().totals())
                        .isEqualTo(Map.of(
                                "country", 1L,
                                "language", 1L,
                                "bids", 1L,
                                "wins", 1L));
            }
        }
    }

    @Test
    void jsonInsideAStringIsLookedInto() {
        String output = ONE + """
                dimensions {
                  deal { field = impression.ext, steps = [{ json = "pmp.deals[0].id" }, upper] }
                  deals { field = impression.ext, type = strings, steps = [{ json = pmp.ids }, lower] }
                }
                """;
        try (TaskDriver driver = driver(output, Mode.STRAIGHT)) {
            process(driver, impression("""
                    {"ext": "{\\"pmp\\": {\\"deals\\": [{\\"id\\": \\"d-1\\"}], \\"ids\\": [\\"A\\", 2]}}"}"""));
            assertThat(rows(driver)).singleElement().asString().contains("\"deal\":\"D-1\",\"deals\":[\"a\",\"2\"]");
        }
    }

    /** Codes are a table; each must be there, in all its forms. */
    @Test
    void everyCountryHasThreeCodesOfOneMeaning() throws BadValueException {
        for (String each : CodeTable.read("iso-3166-1-numeric.txt")) {
            String alpha2 = each.substring(0, 2);
            String alpha3 = new Locale("", alpha2).getISO3Country();
            for (String code : List.of(alpha2, alpha3, each.substring(2))) {
                assertThat(Countries.alpha2(code)).as(code).isEqualTo(alpha2);
            }
        }
    }

    private TaskDriver driver(String output, Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), mode);
    }
}
