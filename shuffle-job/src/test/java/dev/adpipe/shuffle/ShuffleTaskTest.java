package dev.adpipe.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.Partitioning;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.TaskDriver;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ShuffleTaskTest {
    private static final long NOW = 1_574_553_663_979L;
    private static final String GOOD = "{\"imp_id\": \"i1\", \"click_id\": \"c1\", \"ts\": " + NOW + "}";
    private static final byte[] RAW_KEY = {1, 2, 3};
    private static final List<Header> HEADERS = List.of(new RecordHeader("traceparent", new byte[] {(byte) 0xFF, 0}));

    @ParameterizedTest
    @EnumSource(Mode.class)
    void sendsTheUntouchedPayloadUnderTheJoinKey(Mode mode) {
        String padded = "  {\"click_id\":\"c1\" , \"more\" : [1, {}], \"ts\": " + NOW + ", \"imp_id\": \"ü|\\\\\"} \n";
        try (TaskDriver driver = driver(Definitions.of(Definitions.clicks()), mode)) {
            driver.process(RAW_KEY, bytes(padded), HEADERS, NOW);
            driver.process(null, bytes(GOOD), List.of(), NOW);
            List<Output> outputs = driver.outputs("acme.ads.shuffled");
            assertThat(outputs).hasSize(2);
            assertThat(outputs.get(0).keyText()).isEqualTo("ü|\\");
            assertThat(outputs.get(0).headers()).isEmpty();
            assertThat(outputs.get(0).partition())
                    .isEqualTo(Partitioning.partition(bytes("ü|\\"), Definitions.PARTITIONS));
            ShuffledEvent event = EnvelopeCodec.decodeShuffled(outputs.get(0).value());
            assertThat(event)
                    .isEqualTo(new ShuffledEvent(
                            "click", "c1", NOW, PayloadEncoding.JSON, 0, ByteBuffer.wrap(bytes(padded))));
            assertThat(driver.books().in()).isEqualTo(2);
            assertThat(driver.books().emitted()).isEqualTo(2);
            driver.assertBalanced();
        }
    }

    static Stream<Arguments> badInput() {
        String key = "the join key of stream click is taken from it";
        String id = "the event id of stream click is taken from it";
        String time = "the event time of stream click is taken from it";
        return Stream.of(
                Arguments.of(null, "null-value", "no value"),
                Arguments.of("x".repeat(1_001), "too-large", "1001 bytes; shuffle.max-record-bytes allows 1000"),
                Arguments.of("", "malformed", "empty"),
                Arguments.of("not json", "malformed", "not JSON"),
                Arguments.of(GOOD.substring(0, GOOD.length() - 1), "malformed", "end-of-input"),
                Arguments.of(GOOD + GOOD, "malformed", "more after the end"),
                Arguments.of("[" + GOOD + "]", "malformed", "top level is an array"),
                Arguments.of(without("imp_id"), "no-key", "field imp_id is missing; " + key),
                Arguments.of(with("imp_id", "null"), "no-key", "field imp_id is null; " + key),
                Arguments.of(with("imp_id", "\"\""), "no-key", "field imp_id is empty; " + key),
                Arguments.of(with("imp_id", "{\"a\": 1}"), "bad-key", "field imp_id is an object"),
                Arguments.of(with("imp_id", "[\"i1\"]"), "bad-key", "field imp_id is an array"),
                Arguments.of(with("imp_id", "1e999"), "bad-key", "a number that has no plain text"),
                Arguments.of(with("imp_id", "\"a\\ud800\""), "bad-key", "lone surrogate U+D800"),
                Arguments.of(with("imp_id", "\"\\udc00\\ud800\""), "bad-key", "lone surrogate U+DC00"),
                Arguments.of(without("click_id"), "no-id", "field click_id is missing; " + id),
                Arguments.of(with("click_id", "null"), "no-id", "field click_id is null; " + id),
                Arguments.of(with("click_id", "\"\""), "no-id", "field click_id is empty; " + id),
                Arguments.of(with("click_id", "{}"), "bad-id", "field click_id is an object"),
                Arguments.of(without("ts"), "no-time", "field ts is missing; " + time),
                Arguments.of(with("ts", "null"), "no-time", "field ts is null; " + time),
                Arguments.of(with("ts", "\" \""), "no-time", "field ts is empty; " + time),
                Arguments.of(with("ts", "[1]"), "bad-time", "field ts is an array"),
                Arguments.of(with("ts", "true"), "bad-time", "field ts: true is not a number"),
                Arguments.of(with("ts", "\"soon\""), "bad-time", "field ts: 'soon' is not a number"),
                Arguments.of(with("ts", "1574553663"), "implausible-time", "as epoch-seconds it would be 2019-11-24"),
                Arguments.of(with("ts", "0"), "implausible-time", "between the years 2000 and 2100"),
                Arguments.of(
                        with("ts", String.valueOf(NOW + 300_001)),
                        "future-time",
                        "PT5M0.001S ahead of the clock here, 2019-11-24T00:01:03.979Z; shuffle.max-skew allows PT5M"));
    }

    @ParameterizedTest
    @MethodSource("badInput")
    void refusesBadInputAndGoesOn(String value, String reason, String explanation) {
        for (Mode mode : Mode.values()) {
            try (TaskDriver driver = driver(Definitions.of(Definitions.clicks()), mode)) {
                byte[] bytes = value == null ? null : bytes(value);
                driver.process(RAW_KEY, bytes, HEADERS, NOW);
                driver.process(null, bytes(GOOD), List.of(), NOW);

                assertThat(driver.deadLetters()).hasSize(1);
                DeadLetter letter = driver.deadLetters().get(0);
                assertThat(letter.reason()).isEqualTo(reason);
                assertThat(letter.explanation()).contains(explanation).hasSizeLessThan(500);
                assertThat(letter.record().key()).isEqualTo(RAW_KEY);
                assertThat(letter.record().value()).isEqualTo(bytes);
                assertThat(letter.record().headers()).containsExactlyElementsOf(HEADERS);
                assertThat(driver.outputs("acme.ads.shuffled")).hasSize(1);
                assertThat(driver.books().in()).isEqualTo(2);
                assertThat(driver.books().deadLetteredByReason()).isEqualTo(Map.of(reason, 1L));
                driver.assertBalanced();
            }
        }
    }

    @Test
    void theLimitsThemselvesAreGood() {
        String largest = GOOD + " ".repeat(1_000 - GOOD.length());
        try (TaskDriver driver = driver(Definitions.of(Definitions.clicks()), Mode.STRAIGHT)) {
            driver.process(null, bytes(largest));
            driver.process(null, bytes(with("ts", String.valueOf(NOW + 300_000))));
            assertThat(driver.deadLetters()).isEmpty();
            assertThat(driver.books().emitted()).isEqualTo(2);
        }
    }

    @Test
    void aKeyThatWouldOutgrowTheTopicsIsRefused() {
        KeyPaths key = new KeyPaths("the join key", List.of(FieldPath.parse("k")), 0, "no-key", "bad-key");
        assertThatThrownBy(() -> key.text(fields("x".repeat(KeyPaths.LONGEST + 1))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("4097 characters; at most 4096");
    }

    private static PayloadFields fields(Object... values) {
        return new PayloadFields(PayloadEncoding.JSON, 0, values);
    }

    static Stream<Arguments> compositeKeys() {
        return Stream.of(
                Arguments.of("{\"a\": {\"b\": \"x\"}, \"imp\": [{\"id\": \"y\"}], \"n\": 7, %s}", "x|y|7"),
                Arguments.of("{\"a\": {\"b\": \"x|y\"}, \"imp\": [{\"id\": \"z\"}], \"n\": 7, %s}", "x\\|y|z|7"),
                Arguments.of("{\"a\": {\"b\": \"x\"}, \"imp\": [{\"id\": \"y|z\"}], \"n\": 7, %s}", "x|y\\|z|7"),
                Arguments.of("{\"a\": {\"b\": \"x\\\\\"}, \"imp\": [{\"id\": \"|\"}], \"n\": 7, %s}", "x\\\\|\\||7"),
                Arguments.of("{\"a\": {\"b\": 12.50}, \"imp\": [{\"id\": true}], \"n\": 1e3, %s}", "12.5|true|1000"),
                Arguments.of("{\"a\": {\"b\": 1.0}, \"imp\": [{\"id\": \"01\"}, {}], \"n\": -0.0, %s}", "1|01|0"));
    }

    @ParameterizedTest
    @MethodSource("compositeKeys")
    void compositeKeysAreUnambiguous(String template, String expected) {
        StreamDefinition stream = Definitions.stream(
                "click",
                new PayloadFormat.Json(),
                "a.b,imp[0].id,n",
                "click_id,n",
                TimeFormat.EPOCH_MILLIS,
                Optional.empty());
        try (TaskDriver driver = driver(Definitions.of(stream), Mode.STRAIGHT)) {
            driver.process(null, bytes(String.format(template, "\"click_id\": \"c\", \"ts\": " + NOW)));
            Output output = driver.outputs("acme.ads.shuffled").get(0);
            assertThat(output.keyText()).isEqualTo(expected);
            assertThat(EnvelopeCodec.decodeShuffled(output.value()).eventId())
                    .isEqualTo("c|" + expected.substring(expected.lastIndexOf('|') + 1));
        }
    }

    @Test
    void aMissingPartOfACompositeKeyIsNamed() {
        StreamDefinition stream = Definitions.stream(
                "click",
                new PayloadFormat.Json(),
                "auction,imp[1].id",
                "click_id",
                TimeFormat.EPOCH_MILLIS,
                Optional.empty());
        try (TaskDriver driver = driver(Definitions.of(stream), Mode.STRAIGHT)) {
            driver.process(null, bytes("{\"auction\": \"a\", \"imp\": [{\"id\": 1}]}"));
            assertThat(driver.deadLetters().get(0).explanation())
                    .isEqualTo(
                            "field imp[1].id is missing; the join key of stream click is made of [auction, imp[1].id]");
        }
    }

    static Stream<Arguments> times() {
        return Stream.of(
                Arguments.of("\"2019-11-24 00:01:03.979311+00:00\"", TimeFormat.ISO_8601),
                Arguments.of("\"2019-11-24T01:01:03.979+01\"", TimeFormat.ISO_8601),
                Arguments.of("1574553663.9799", TimeFormat.EPOCH_SECONDS),
                Arguments.of("\"1574553663.979\"", TimeFormat.EPOCH_SECONDS),
                Arguments.of("1574553663979", TimeFormat.EPOCH_MILLIS),
                Arguments.of("\"1574553663979\"", TimeFormat.EPOCH_MILLIS),
                Arguments.of("1574553663979311", TimeFormat.EPOCH_MICROS),
                Arguments.of("\"1574553663979311\"", TimeFormat.EPOCH_MICROS));
    }

    @ParameterizedTest
    @MethodSource("times")
    void readsTheEventTime(String json, TimeFormat format) {
        StreamDefinition stream =
                Definitions.stream("click", new PayloadFormat.Json(), "imp_id", "click_id", format, Optional.empty());
        try (TaskDriver driver = driver(Definitions.of(stream), Mode.STRAIGHT)) {
            driver.process(null, bytes(with("ts", json)));
            assertThat(EnvelopeCodec.decodeShuffled(
                                    driver.outputs("acme.ads.shuffled").get(0).value())
                            .eventTime())
                    .isEqualTo(NOW);
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void splitsASharedTopicByAField(Mode mode) {
        PipelineDefinition definition = Definitions.of(
                Definitions.stream(
                        "impression",
                        new PayloadFormat.Json(),
                        "imp_id",
                        "imp_id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.of("type=i")),
                Definitions.stream(
                        "click",
                        new PayloadFormat.Json(),
                        "imp_id",
                        "click_id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.of("type=2")),
                Definitions.stream(
                        "video",
                        new PayloadFormat.Json(),
                        "imp_id",
                        "view_id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.of("video.on=true")));
        try (TaskDriver driver = driver(definition, mode)) {
            String rest = ", \"imp_id\": \"i\", \"click_id\": \"c\", \"ts\": " + NOW + "}";
            driver.process(null, bytes("{\"type\": \"i\"" + rest));
            driver.process(null, bytes("{\"type\": 2.0" + rest));
            driver.process(null, bytes("{\"type\": \"3\"" + rest));
            driver.process(null, bytes("{\"type\": {\"i\": 1}" + rest));
            // Two streams want these: both get their events, or the record is one dead letter.
            driver.process(null, bytes("{\"type\": \"i\", \"video\": {\"on\": true}, \"view_id\": 5" + rest));
            driver.process(null, bytes("{\"type\": \"i\", \"video\": {\"on\": true}" + rest));

            assertThat(driver.outputs("acme.ads.shuffled"))
                    .extracting(o -> EnvelopeCodec.decodeShuffled(o.value()))
                    .extracting(e -> e.stream() + " " + e.eventId())
                    .containsExactly("impression i", "click c", "impression i", "video 5");
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly("no-stream", "no-stream", "no-id");
            assertThat(driver.deadLetters().get(0).explanation())
                    .isEqualTo(
                            "no stream of this topic wants the record: field type is '3', stream impression takes 'i';"
                                    + " field type is '3', stream click takes '2'; field video.on is missing, stream video takes 'true'");
            assertThat(driver.deadLetters().get(1).explanation()).contains("field type is an object");
            assertThat(driver.books().in()).isEqualTo(6);
            assertThat(driver.books().added()).isEqualTo(1);
            driver.assertBalanced();
        }
    }

    @Test
    void streamsOfOneTopicMustHaveOneFormat() {
        PipelineDefinition definition = Definitions.of(
                Definitions.clicks(),
                Definitions.stream(
                        "other",
                        new PayloadFormat.ConfluentAvro(URI.create("http://127.0.0.1:1"), Optional.empty()),
                        "a",
                        "b",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.empty()));
        assertThatThrownBy(() -> new ShuffleJob(definition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("click and other");
    }

    static TaskDriver driver(PipelineDefinition definition, Mode mode) {
        TaskDriver driver = TaskDriver.stateless(new ShuffleJob(definition), new TopicPartition("raw", 2), mode);
        driver.clock().set(NOW);
        return driver;
    }

    private static String with(String field, String json) {
        String[] fields = {"imp_id", "\"i1\"", "click_id", "\"c1\"", "ts", String.valueOf(NOW)};
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < fields.length; i += 2) {
            String value = fields[i].equals(field) ? json : fields[i + 1];
            if (!value.isEmpty()) {
                text.append(text.length() > 1 ? ", " : "")
                        .append('"')
                        .append(fields[i])
                        .append("\": ")
                        .append(value);
            }
        }
        return text.append('}').toString();
    }

    private static String without(String field) {
        return with(field, "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
