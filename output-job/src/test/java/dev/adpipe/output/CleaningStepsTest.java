package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.payload.FieldPath;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CleaningStepsTest {
    private static final CleaningStep TRIM = new CleaningStep.Trim();
    private static final CleaningStep LOWER = new CleaningStep.Lower();
    private static final CleaningStep UPPER = new CleaningStep.Upper();
    private static final CleaningStep NUMBER = new CleaningStep.ParseNumber();
    private static final CleaningStep DOMAIN = new CleaningStep.Domain();
    private static final CleaningStep MAP =
            new CleaningStep.MapValues(Map.of("1", "one", "true", "yes"), Optional.empty());
    private static final CleaningStep MAP_OTHERWISE =
            new CleaningStep.MapValues(Map.of("a", "b"), Optional.of("other"));
    private static final CleaningStep BOOLEAN = new CleaningStep.ParseBoolean();
    private static final CleaningStep MICROS = new CleaningStep.Scale(-6);
    private static final CleaningStep COUNTRY = new CleaningStep.Country();
    private static final CleaningStep LANGUAGE = new CleaningStep.Language();
    private static final CleaningStep SPLIT = new CleaningStep.Split(",");
    private static final CleaningStep JSON = new CleaningStep.Json(FieldPath.parse("deal[0].id"));
    private static final CleaningStep DEFAULT = new CleaningStep.Default("none");

    static Stream<Arguments> cleaned() {
        return Stream.of(
                step(TRIM, " \t\u00a0a b\u2003\n", "a b"),
                step(TRIM, "", ""),
                step(TRIM, 12L, "12"),
                step(LOWER, "MiXed ÄÖ I", "mixed äö i"),
                step(LOWER, true, "true"),
                step(UPPER, "straße i", "STRASSE I"),
                step(NUMBER, " 1,234.5 ", new BigDecimal("1234.5")),
                step(NUMBER, "1,234,567", new BigDecimal("1234567")),
                step(NUMBER, "-1,234,567.25", new BigDecimal("-1234567.25")),
                step(NUMBER, "1.5e-3", new BigDecimal("0.0015")),
                step(NUMBER, "1E3", new BigDecimal("1E+3")),
                step(NUMBER, "\u00a0+007\u00a0", new BigDecimal("7")),
                step(NUMBER, "1.234", new BigDecimal("1.234")),
                step(NUMBER, ".5", new BigDecimal("0.5")),
                step(NUMBER, "5.", new BigDecimal("5")),
                step(NUMBER, "  ", null),
                step(NUMBER, 3.5, 3.5),
                step(NUMBER, 3L, 3L),
                step(new CleaningStep.Truncate(3), "abcd", "abc"),
                step(new CleaningStep.Truncate(4), "abcd", "abcd"),
                step(new CleaningStep.Truncate(3), "ab\uD83D\uDE00c", "ab"),
                step(new CleaningStep.Truncate(4), "ab\uD83D\uDE00c", "ab\uD83D\uDE00"),
                step(new CleaningStep.Truncate(1), "\uD83D\uDE00", ""),
                step(new CleaningStep.Truncate(0), "abc", ""),
                step(new CleaningStep.Truncate(2), 12345L, "12"),
                step(MAP, "1", "one"),
                step(MAP, 1L, "one"),
                step(MAP, 1.0, "one"),
                step(MAP, true, "yes"),
                step(MAP, 2L, 2L),
                step(MAP, "One", "One"),
                step(MAP_OTHERWISE, "a", "b"),
                step(MAP_OTHERWISE, "z", "other"),
                step(MAP_OTHERWISE, "", ""),
                step(DEFAULT, "", "none"),
                step(DEFAULT, null, "none"),
                step(DEFAULT, " ", " "),
                step(DEFAULT, 0L, 0L),
                step(DOMAIN, "https://www.Example.COM/a?b#c", "example.com"),
                step(DOMAIN, "example.com", "example.com"),
                step(DOMAIN, " //cdn.example.com/x ", "cdn.example.com"),
                step(DOMAIN, "example.com:8080/path", "example.com"),
                step(DOMAIN, "http://example.com:/path", "example.com"),
                step(DOMAIN, "ftp://user:p@ss@example.com:21/x", "example.com"),
                step(DOMAIN, "user@example.com/x", "example.com"),
                step(DOMAIN, "http://example.com?u=http://other.org/", "example.com"),
                step(DOMAIN, "http://example.com#@other.org", "example.com"),
                step(DOMAIN, "http://example.com\\@other.org", "example.com"),
                step(DOMAIN, "http://example.com/a b/${MACRO}", "example.com"),
                step(DOMAIN, "http://www.www.example.com", "www.example.com"),
                step(DOMAIN, "www.com", "www.com"),
                step(DOMAIN, "www2.example.com", "www2.example.com"),
                step(DOMAIN, "example.com./", "example.com"),
                step(DOMAIN, "http://a_b.example.com", "a_b.example.com"),
                step(DOMAIN, "localhost", "localhost"),
                step(DOMAIN, "https://www.Bücher.example/x", "xn--bcher-kva.example"),
                step(DOMAIN, "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
                step(DOMAIN, "http://192.168.0.1:80/", "192.168.0.1"),
                step(DOMAIN, "http://[2001:DB8::1]:8080/x", "2001:db8::1"),
                step(DOMAIN, "[::1]", "::1"),
                step(DOMAIN, "2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1"),
                step(DOMAIN, "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
                step(DOMAIN, "  ", null),
                step(BOOLEAN, true, true),
                step(BOOLEAN, " TRUE ", true),
                step(BOOLEAN, "t", true),
                step(BOOLEAN, "Yes", true),
                step(BOOLEAN, "y", true),
                step(BOOLEAN, "on", true),
                step(BOOLEAN, 1L, true),
                step(BOOLEAN, 1.0, true),
                step(BOOLEAN, "False", false),
                step(BOOLEAN, "F", false),
                step(BOOLEAN, "no", false),
                step(BOOLEAN, "N", false),
                step(BOOLEAN, "off", false),
                step(BOOLEAN, 0L, false),
                step(BOOLEAN, " ", null),
                step(MICROS, 2_532L, new BigDecimal("0.002532")),
                step(MICROS, " 1 ", new BigDecimal("0.000001")),
                step(MICROS, 0.5, new BigDecimal("5E-7")),
                step(MICROS, "", null),
                step(new CleaningStep.Scale(2), "0.1", new BigDecimal("1E+1")),
                step(COUNTRY, " de ", "DE"),
                step(COUNTRY, "DEU", "DE"),
                step(COUNTRY, "usa", "US"),
                step(COUNTRY, "276", "DE"),
                step(COUNTRY, 8L, "AL"),
                step(COUNTRY, "UK", "GB"),
                step(COUNTRY, "XK", "XK"),
                step(COUNTRY, "", null),
                step(LANGUAGE, "EN", "en"),
                step(LANGUAGE, "en-US", "en"),
                step(LANGUAGE, "pt_BR", "pt"),
                step(LANGUAGE, "deu", "de"),
                step(LANGUAGE, "ger", "de"),
                step(LANGUAGE, "fil", "fil"),
                step(LANGUAGE, "zh-Hans-CN", "zh"),
                step(LANGUAGE, "iw", "he"),
                step(LANGUAGE, "de-CH,de;q=0.9,en;q=0.8", "de"),
                step(LANGUAGE, "und", null),
                step(LANGUAGE, " ", null),
                step(SPLIT, "a, b,,c ", List.of("a", "b", "c")),
                step(SPLIT, 7L, List.of("7")),
                step(SPLIT, "", List.of()),
                step(JSON, "{\"deal\": [{\"id\": \"d1\"}]}", "d1"),
                step(JSON, "{\"deal\": []}", null),
                step(JSON, Map.of("deal", List.of(Map.of("id", 5L))), 5L),
                step(JSON, " ", null),
                step(bucket("PT1H", TimeFormat.EPOCH_MILLIS), 1_574_555_663_979L, "2019-11-24T00:00:00.000Z"),
                step(bucket("PT15M", TimeFormat.EPOCH_SECONDS), "1574555663.9", "2019-11-24T00:30:00.000Z"),
                step(bucket("PT1S", TimeFormat.EPOCH_MICROS), 1_574_555_663_979_311L, "2019-11-24T00:34:23.000Z"),
                step(
                        bucket("P1D", TimeFormat.ISO_8601),
                        "2019-11-24 00:01:03.979311+00:00",
                        "2019-11-24T00:00:00.000Z"),
                step(bucket("PT1H", TimeFormat.ISO_8601), "2019-11-24T01:59:59+0200", "2019-11-23T23:00:00.000Z"),
                step(bucket("PT1M", TimeFormat.ISO_8601), "2019-11-24T00:01:03Z", "2019-11-24T00:01:00.000Z"),
                step(bucket("PT1M", TimeFormat.ISO_8601), "", null));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                step(TRIM, List.of("a"), "not a list"),
                step(LOWER, Map.of("a", 1L), "not an object"),
                step(MAP, List.of(), "not a list"),
                step(NUMBER, "1,234", "may group thousands or mark decimals"),
                step(NUMBER, "1,5", "may group thousands or mark decimals"),
                step(NUMBER, "0,123.5", "step number takes digits"),
                step(NUMBER, "1,23,456.7", "step number takes digits"),
                step(NUMBER, "12,34,567", "step number takes digits"),
                step(NUMBER, "1.234,5", "step number takes digits"),
                step(NUMBER, "1.234.567", "step number takes digits"),
                step(NUMBER, "1 234", "step number takes digits"),
                step(NUMBER, "$5", "step number takes digits"),
                step(NUMBER, "5€", "step number takes digits"),
                step(NUMBER, "NaN", "step number takes digits"),
                step(NUMBER, "Infinity", "step number takes digits"),
                step(NUMBER, "0x1F", "step number takes digits"),
                step(NUMBER, "1e", "step number takes digits"),
                step(NUMBER, ".", "step number takes digits"),
                step(NUMBER, "-", "step number takes digits"),
                step(NUMBER, "1d", "step number takes digits"),
                step(NUMBER, "\u0661\u0662", "step number takes digits"),
                step(NUMBER, "9".repeat(401), "step number takes digits"),
                step(NUMBER, true, "not a boolean"),
                step(NUMBER, List.of(1L), "not a list"),
                step(DOMAIN, "http:///path", "no host"),
                step(DOMAIN, "/relative/path", "no host"),
                step(DOMAIN, "http://a b.com/", "a host is letters"),
                step(BOOLEAN, "maybe", "step boolean takes true"),
                step(BOOLEAN, 2L, "step boolean takes true"),
                step(BOOLEAN, List.of(true), "not a list"),
                step(MICROS, "1,5", "step scale takes a number, not text"),
                step(MICROS, true, "step scale takes a number, not a boolean"),
                step(MICROS, Double.NaN, "finite"),
                step(COUNTRY, "Germany", "ISO 3166"),
                step(COUNTRY, "ZZ", "ISO 3166"),
                step(COUNTRY, "999", "ISO 3166"),
                step(COUNTRY, "-1", "ISO 3166"),
                step(LANGUAGE, "english", "ISO 639"),
                step(LANGUAGE, "xx", "ISO 639"),
                step(LANGUAGE, "de!", "ISO 639"),
                step(SPLIT, List.of("a"), "not a list"),
                step(JSON, "[1]", "the text of a JSON object: the JSON's top level is an array"),
                step(JSON, "{\"deal\"", "not JSON"),
                step(JSON, 5L, "the JSON's top level is a number"),
                step(DOMAIN, "not a url", "a host is letters"),
                step(DOMAIN, "mailto:someone", "no port"),
                step(DOMAIN, "about:blank", "no port"),
                step(DOMAIN, "http:/example.com", "no port"),
                step(DOMAIN, "http://example.com:80a/", "no port"),
                step(DOMAIN, "http://example..com", "a host is letters"),
                step(DOMAIN, "http://.example.com", "a host is letters"),
                step(DOMAIN, "http://1.2.3", "IPv4"),
                step(DOMAIN, "http://1.2.3.256", "IPv4"),
                step(DOMAIN, 12345L, "IPv4"),
                step(DOMAIN, "http://[::1", "not closed"),
                step(DOMAIN, "http://[::1]x", "only a port"),
                step(DOMAIN, "http://[example.com]/", "no IPv6"),
                step(DOMAIN, "1:2:3", "no IPv6"),
                step(DOMAIN, "1::2::3", "no IPv6"),
                step(DOMAIN, "a".repeat(64) + ".com", "a host is letters"),
                step(DOMAIN, "ä".repeat(70) + ".com", "international"),
                step(bucket("PT1H", TimeFormat.ISO_8601), "24.11.2019", "has no 4-digit year"),
                step(bucket("PT1H", TimeFormat.ISO_8601), 1_574_555_663_979L, "says iso-8601"),
                step(bucket("PT1H", TimeFormat.EPOCH_MILLIS), "today", "is not a number"),
                step(bucket("PT1H", TimeFormat.EPOCH_SECONDS), "1e300", "not between the years 2000 and 2100"),
                step(bucket("PT1H", TimeFormat.EPOCH_SECONDS), -1L, "not between the years 2000 and 2100"));
    }

    @ParameterizedTest
    @MethodSource
    void cleaned(CleaningStep step, Object value, Object expected) throws BadValueException {
        assertThat(CleaningSteps.of(step).apply(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource
    void refused(CleaningStep step, Object value, String rule) {
        assertThatThrownBy(() -> CleaningSteps.of(step).apply(value))
                .isInstanceOf(BadValueException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void nullPassesThroughAllButDefault() throws BadValueException {
        for (CleaningStep step : List.of(
                TRIM,
                LOWER,
                UPPER,
                NUMBER,
                DOMAIN,
                BOOLEAN,
                MICROS,
                COUNTRY,
                LANGUAGE,
                SPLIT,
                JSON,
                MAP,
                MAP_OTHERWISE,
                new CleaningStep.Truncate(1),
                bucket("PT1H", TimeFormat.EPOCH_MILLIS))) {
            assertThat(CleaningSteps.of(step).apply(null)).as("%s", step).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr", "az", "lt"})
    void caseIgnoresTheMachinesLanguage(String language) throws BadValueException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            assertThat(CleaningSteps.of(LOWER).apply("TITLE I")).isEqualTo("title i");
            assertThat(CleaningSteps.of(UPPER).apply("title i")).isEqualTo("TITLE I");
            assertThat(UrlDomain.of("WIKI.EXAMPLE")).isEqualTo("wiki.example");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aBucketOfNothingIsRefused() {
        assertThatThrownBy(() -> CleaningSteps.of(bucket("PT0S", TimeFormat.EPOCH_MILLIS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one millisecond");
    }

    private static CleaningStep bucket(String size, TimeFormat format) {
        return new CleaningStep.TimeBucket(Duration.parse(size), format);
    }

    private static Arguments step(CleaningStep step, Object value, Object expected) {
        return Arguments.of(step, value, expected);
    }
}
