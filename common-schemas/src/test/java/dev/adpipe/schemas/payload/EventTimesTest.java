package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {

    @ParameterizedTest
    @CsvSource({
        "2019-11-24 00:01:03.979311+00:00, 2019-11-24T00:01:03.979Z",
        "2019-11-24T00:01:03.979311+00:00, 2019-11-24T00:01:03.979Z",
        "2019-11-24t00:01:03z,             2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03Z,             2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03,              2019-11-24T00:01:03Z",
        "2019-11-24 00:01:03,              2019-11-24T00:01:03Z",
        "2019-11-24T00:01Z,                2019-11-24T00:01:00Z",
        "2019-11-24 00:01,                 2019-11-24T00:01:00Z",
        "2019-11-24T00:01+01,              2019-11-23T23:01:00Z",
        "2019-11-24T00:01:03+0000,         2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03+00,           2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03-0530,         2019-11-24T05:31:03Z",
        "2019-11-24T00:01:03+05:30,        2019-11-23T18:31:03Z",
        "2019-11-24 00:01:03.5 +0200,      2019-11-23T22:01:03.500Z",
        "2019-11-24 00:01:03 UTC,          2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03.Z,            2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03.0Z,           2019-11-24T00:01:03Z",
        "2019-11-24T00:01:03.12Z,          2019-11-24T00:01:03.120Z",
        "'2019-11-24T00:01:03,12Z',        2019-11-24T00:01:03.120Z",
        "2019-11-24T00:01:03.999999999Z,   2019-11-24T00:01:03.999Z",
        "' 2019-11-24T00:01:03Z ',         2019-11-24T00:01:03Z",
        "2020-02-29T00:00:00Z,             2020-02-29T00:00:00Z",
        "2016-12-31T23:59:60Z,             2017-01-01T00:00:00Z",
        "2000-01-01T00:00:00Z,             2000-01-01T00:00:00Z",
        "2099-12-31T23:59:59.999Z,         2099-12-31T23:59:59.999Z"
    })
    void readsIso(String text, Instant expected) {
        assertThat(Instant.ofEpochMilli(EventTimes.parse(text, TimeFormat.ISO_8601)))
                .isEqualTo(expected);
    }

    @Test
    void agreesWithJavaTimeOnRandomTimes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long seconds = EventTimes.EARLIEST / 1_000
                    + (long) (random.nextDouble() * (EventTimes.LATEST - EventTimes.EARLIEST) / 1_000);
            OffsetDateTime time = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000_000))
                    .atOffset(ZoneOffset.ofTotalSeconds((random.nextInt(36 * 60) - 18 * 60) * 60));
            assertThat(EventTimes.parse(time.toString(), TimeFormat.ISO_8601))
                    .as("%s, seed %d", time, seed)
                    .isEqualTo(time.toInstant().toEpochMilli());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2019-11-24",
                "2019-11-24T",
                "2019-11-24X00:01:03Z",
                "2019-13-24T00:01:03Z",
                "2019-00-24T00:01:03Z",
                "2019-11-31T00:01:03Z",
                "2019-02-29T00:01:03Z",
                "2019-11-24T24:00:00Z",
                "2019-11-24T00:60:00Z",
                "2019-11-24T00:01:60Z",
                "2019-11-24T0:01:03Z",
                "2019-11-24T00:01:03.1234567890Z",
                "2019-11-24T00:01:03+19:00",
                "2019-11-24T00:01:03+01:",
                "2019-11-24T00:01:03+0",
                "2019-11-24T00:01:03 CET",
                "2019-11-24T00:01:03ZZ",
                "24.11.2019 00:01",
                "1574553663",
                "yesterday",
                ""
            })
    void refusesWhatIsNoIsoTime(String text) {
        BadTimeException e = refusal(text, TimeFormat.ISO_8601);
        assertThat(e.reason()).isEqualTo("bad-time");
        assertThat(e.getMessage()).startsWith("'" + text + "' ").contains("2019-11-24T00:01:03.979Z");
    }

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(1_574_553_663L, TimeFormat.EPOCH_SECONDS, 1_574_553_663_000L),
                Arguments.of("1574553663", TimeFormat.EPOCH_SECONDS, 1_574_553_663_000L),
                Arguments.of(" 1574553663.979311 ", TimeFormat.EPOCH_SECONDS, 1_574_553_663_979L),
                Arguments.of(new BigDecimal("1574553663.9799"), TimeFormat.EPOCH_SECONDS, 1_574_553_663_979L),
                Arguments.of(new BigDecimal("1.574553663e9"), TimeFormat.EPOCH_SECONDS, 1_574_553_663_000L),
                Arguments.of(1_574_553_663.979, TimeFormat.EPOCH_SECONDS, 1_574_553_663_979L),
                Arguments.of(1_574_553_663_979L, TimeFormat.EPOCH_MILLIS, 1_574_553_663_979L),
                Arguments.of("1574553663979", TimeFormat.EPOCH_MILLIS, 1_574_553_663_979L),
                Arguments.of(1_574_553_663_979.9, TimeFormat.EPOCH_MILLIS, 1_574_553_663_979L),
                Arguments.of(1_574_553_663_979_999L, TimeFormat.EPOCH_MICROS, 1_574_553_663_979L),
                Arguments.of("1574553663979999", TimeFormat.EPOCH_MICROS, 1_574_553_663_979L),
                Arguments.of(new BigDecimal("1574553663979999.9"), TimeFormat.EPOCH_MICROS, 1_574_553_663_979L));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void readsEpochs(Object value, TimeFormat format, long expected) {
        assertThat(EventTimes.parse(value, format)).isEqualTo(expected);
    }

    static Stream<Arguments> implausible() {
        return Stream.of(
                Arguments.of(
                        1_574_553_663_979L, TimeFormat.EPOCH_SECONDS, "as epoch-millis it would be 2019-11-24T00:01"),
                Arguments.of(
                        1_574_553_663_979_000L,
                        TimeFormat.EPOCH_MILLIS,
                        "as epoch-micros it would be 2019-11-24T00:01"),
                Arguments.of(
                        1_574_553_663L, TimeFormat.EPOCH_MILLIS, "as epoch-seconds it would be 2019-11-24T00:01:03Z"),
                Arguments.of(
                        "1574553663", TimeFormat.EPOCH_MICROS, "as epoch-seconds it would be 2019-11-24T00:01:03Z"),
                Arguments.of(0L, TimeFormat.EPOCH_MILLIS, "between the years 2000 and 2100"),
                Arguments.of(-1L, TimeFormat.EPOCH_SECONDS, "between the years 2000 and 2100"),
                Arguments.of(Long.MAX_VALUE, TimeFormat.EPOCH_SECONDS, "between the years 2000 and 2100"),
                Arguments.of(Long.MIN_VALUE, TimeFormat.EPOCH_SECONDS, "between the years 2000 and 2100"),
                Arguments.of(new BigDecimal("1e400"), TimeFormat.EPOCH_SECONDS, "between the years 2000 and 2100"),
                Arguments.of("1e999999999", TimeFormat.EPOCH_MICROS, "between the years 2000 and 2100"),
                Arguments.of("-1e999999999", TimeFormat.EPOCH_MILLIS, "between the years 2000 and 2100"),
                Arguments.of("1e-999999999", TimeFormat.EPOCH_MILLIS, "between the years 2000 and 2100"),
                Arguments.of("9".repeat(90), TimeFormat.EPOCH_MILLIS, "between the years 2000 and 2100"),
                Arguments.of("1999-12-31T23:59:59Z", TimeFormat.ISO_8601, "between the years 2000 and 2100"),
                Arguments.of("2100-01-01T00:00:00Z", TimeFormat.ISO_8601, "between the years 2000 and 2100"),
                Arguments.of("0001-01-01T00:00:00Z", TimeFormat.ISO_8601, "between the years 2000 and 2100"));
    }

    @ParameterizedTest
    @MethodSource("implausible")
    void refusesImplausibleTimesAndSaysWhatWasMeant(Object value, TimeFormat format, String hint) {
        BadTimeException e = refusal(value, format);
        assertThat(e.reason()).isEqualTo("implausible-time");
        assertThat(e.getMessage()).contains(hint).hasSizeLessThan(400);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("2019-11-24T00:01:03Z", TimeFormat.EPOCH_MILLIS, "looks like iso-8601"),
                Arguments.of("soon", TimeFormat.EPOCH_SECONDS, "'soon' is not a number"),
                Arguments.of("", TimeFormat.EPOCH_SECONDS, "is not a number"),
                Arguments.of("9".repeat(100_000), TimeFormat.EPOCH_SECONDS, "is no time"),
                Arguments.of(true, TimeFormat.EPOCH_SECONDS, "true is not a number"),
                Arguments.of(Double.NaN, TimeFormat.EPOCH_SECONDS, "NaN is not a number"),
                Arguments.of(Double.POSITIVE_INFINITY, TimeFormat.EPOCH_MILLIS, "Infinity is not a number"),
                Arguments.of(Double.NaN, TimeFormat.ISO_8601, "NaN is not a number"),
                Arguments.of(false, TimeFormat.ISO_8601, "false is no time"),
                Arguments.of(1_574_553_663L, TimeFormat.ISO_8601, "as epoch-seconds it would be 2019-11-24T00:01:03Z"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refusesWhatIsNoTimeAtAll(Object value, TimeFormat format, String hint) {
        BadTimeException e = refusal(value, format);
        assertThat(e.reason()).isEqualTo("bad-time");
        assertThat(e.getMessage()).contains(hint).hasSizeLessThan(400);
    }

    private static BadTimeException refusal(Object value, TimeFormat format) {
        BadTimeException e = catchThrowableOfType(BadTimeException.class, () -> EventTimes.parse(value, format));
        assertThat(e).as("refusal of " + value).isNotNull();
        return e;
    }
}
