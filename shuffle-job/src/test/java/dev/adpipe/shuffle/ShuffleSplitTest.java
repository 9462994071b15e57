package dev.adpipe.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.adpipe.runtime.Partitioning;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.TaskDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code for-each}: one event per element; all of a record or none. */
class ShuffleSplitTest {
    private static final long NOW = 1_574_553_663_979L;
    private static final String SHUFFLED = "acme.ads.shuffled";

    @ParameterizedTest
    @EnumSource(Mode.class)
    void eachElementIsAnEventUnderItsOwnKey(Mode mode) {
        try (TaskDriver driver = driver(requests(), mode)) {
            driver.process(null, request("r1", "{\"id\": \"1\", \"w\": 300}", "{\"id\": \"2\"}"));
            driver.process(null, request("r2", "{\"id\": 7}"));

            List<Output> outputs = driver.outputs(SHUFFLED);
            assertThat(outputs).extracting(Output::keyText).containsExactly("r1|1", "r1|2", "r2|7");
            assertThat(outputs)
                    .extracting(Output::partition)
                    .containsExactlyElementsOf(Stream.of("r1|1", "r1|2", "r2|7")
                            .map(key -> Partitioning.partition(bytes(key), Definitions.PARTITIONS))
                            .toList());
            assertThat(events(driver))
                    .extracting(e -> e.stream() + " " + e.eventId() + " " + (e.eventTime() - NOW))
                    .containsExactly("request r1|1 0", "request r1|2 0", "request r2|7 0");
            assertThat(payloads(driver))
                    .containsExactly(
                            text("r1", "{\"id\": \"1\", \"w\": 300}"),
                            text("r1", "{\"id\": \"2\"}"),
                            text("r2", "{\"id\": 7}"));
            assertThat(driver.books().encode()).startsWith("in:2,added:1,emitted:3,");
            driver.assertBalanced();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void eachBidOfEachSeat(Mode mode) {
        StreamDefinition stream = Definitions.forEach(
                "seatbid.bid",
                Definitions.stream(
                        "response",
                        new PayloadFormat.Json(),
                        "id,seatbid.bid.impid",
                        "seatbid.bid.id,seatbid.seat",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.empty()));
        String text = "{\"id\": \"r\", \"ts\": " + NOW + ", \"seatbid\": [%s]}";
        try (TaskDriver driver = driver(Definitions.of(stream), mode)) {
            String a = "{\"seat\": \"A\", \"bid\": [{\"id\": \"b1\", \"impid\": 1}, {\"id\": \"b2\", \"impid\": 2}]}";
            String b = "{\"seat\": \"B\", \"bid\": [{\"id\": \"b1\", \"impid\": 1}]}";
            driver.process(null, bytes(text.formatted(a + "," + b)));
            driver.process(null, bytes(text.formatted("")));

            assertThat(driver.outputs(SHUFFLED)).extracting(Output::keyText).containsExactly("r|1", "r|2", "r|1");
            assertThat(events(driver)).extracting(ShuffledEvent::eventId).containsExactly("b1|A", "b2|A", "b1|B");
            assertThat(payloads(driver).get(1))
                    .isEqualTo(text.formatted("{\"seat\": \"A\", \"bid\": [{\"id\": \"b2\", \"impid\": 2}]}"));
            // A response without bids is a record without events: the one that it would have been is taken back.
            assertThat(driver.books().encode()).startsWith("in:2,added:1,emitted:3,");
            driver.assertBalanced();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void anEmptyArrayIsNoEventAndNoDeadLetter(Mode mode) {
        try (TaskDriver driver = driver(requests(), mode)) {
            driver.process(null, request("r1"));
            assertThat(driver.outputs()).isEmpty();
            assertThat(driver.books().encode()).isEqualTo("in:1,added:-1,emitted:0,duplicate:0,held:0");
            driver.assertBalanced();
        }
    }

    static Stream<Arguments> bad() {
        String good = "{\"id\": \"1\"}";
        String third = "element 3 of 3 in imp: ";
        return Stream.of(
                Arguments.of(
                        request("r", good, "{\"id\": 2}", "{\"w\": 1}"),
                        "no-key",
                        third + "field imp.id is missing; the join key of stream request is made of [id, imp.id]"),
                Arguments.of(
                        request("r", good, good), "same-id", "element 2 of 2 in imp: has the join key and the event"),
                Arguments.of(
                        request("r", good, "null", good), "no-key", "element 2 of 3 in imp: field imp.id is missing"),
                Arguments.of(
                        request("r", good, "{\"id\": {}}"), "bad-key", "element 2 of 2 in imp: field imp.id is an"),
                Arguments.of(request("r", "[1]"), "no-elements", "field imp has an array as its element"),
                Arguments.of(bytes("{\"id\": \"r\", \"ts\": " + NOW + "}"), "no-elements", "field imp is missing"),
                Arguments.of(
                        bytes("{\"id\": \"r\", \"ts\": 0, \"imp\": [" + good + "]}"),
                        "implausible-time",
                        "element 1 of 1 in imp: field ts: "),
                Arguments.of(bytes("{\"imp\": [{\"id\": 1}, {\"id\"}]}"), "malformed", "not JSON"));
    }

    /** One dead letter, the original, so that its replay sends each event once. */
    @ParameterizedTest
    @MethodSource("bad")
    void withOneBadElementTheRecordIsRefusedAsAWhole(byte[] raw, String reason, String explanation) {
        for (Mode mode : Mode.values()) {
            try (TaskDriver driver = driver(requests(), mode)) {
                driver.process(bytes("k"), raw);
                driver.process(null, request("r2", "{\"id\": 1}", "{\"id\": 2}"));
                assertThat(driver.deadLetters()).hasSize(1);
                DeadLetter letter = driver.deadLetters().get(0);
                assertThat(letter.reason()).isEqualTo(reason);
                assertThat(letter.explanation()).contains(explanation).hasSizeLessThan(500);
                assertThat(letter.record().value()).isEqualTo(raw);
                assertThat(letter.record().key()).isEqualTo(bytes("k"));
                assertThat(driver.outputs(SHUFFLED)).extracting(Output::keyText).containsExactly("r2|1", "r2|2");
                assertThat(driver.books().encode())
                        .isEqualTo("in:2,added:1,emitted:2,duplicate:0,held:0,d." + reason + ":1");
                driver.assertBalanced();
            }
        }
    }

    /** 64 times its own size, whatever max-record-bytes allows; these would be about 67. */
    @Test
    void aRecordThatWouldBecomeTooMuchIsRefused() {
        byte[] raw = repeated(125, 380);
        assertThat(raw.length).isLessThan(1_000);
        assertThat(125 * (380 + 46)).isLessThan(64 * 1_000);
        try (TaskDriver driver = driver(requests(), Mode.STRAIGHT)) {
            driver.process(null, raw);
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason, DeadLetter::explanation)
                    .containsExactly(tuple(
                            "too-many-elements",
                            "the events of its 125 elements of imp would have more than " + 64 * raw.length
                                    + " bytes together"));
        }
    }

    /** About 96 times its own size, and still no more than a single record may have. */
    @Test
    void aSmallRecordMayBecomeAsMuchAsOneRecordMayHave() {
        byte[] raw = repeated(100, 8_000);
        try (TaskDriver driver = driver(withMaxRecordBytes(requests(), 1 << 20), Mode.STRAIGHT)) {
            driver.process(null, raw);
            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsExactly("no-key"); // not for its size
        }
        try (TaskDriver driver = driver(withMaxRecordBytes(requests(), 1 << 19), Mode.STRAIGHT)) {
            driver.process(null, raw);
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("too-many-elements");
        }
    }

    private static byte[] repeated(int elements, int padding) {
        return request(
                "r" + "x".repeat(padding),
                Stream.generate(() -> "{}").limit(elements).toArray(String[]::new));
    }

    private static PipelineDefinition withMaxRecordBytes(PipelineDefinition d, int bytes) {
        ShuffleSettings s = d.shuffle();
        ShuffleSettings shuffle =
                new ShuffleSettings(s.partitions(), s.tickInterval(), s.idleAfter(), s.maxSkew(), bytes);
        return new PipelineDefinition(
                d.source(), d.customer(), d.name(), d.kafka(), d.streams(), shuffle, d.join(), d.output(), d.runtime());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void besideStreamsThatDoNotSplit(Mode mode) {
        StreamDefinition split = Definitions.forEach(
                "imp",
                Definitions.stream(
                        "request",
                        new PayloadFormat.Json(),
                        "id,imp.id",
                        "imp.id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.of("kind=request")));
        StreamDefinition whole = Definitions.stream(
                "auction",
                new PayloadFormat.Json(),
                "id",
                "imp[0].id",
                TimeFormat.EPOCH_MILLIS,
                Optional.of("kind2=a"));
        try (TaskDriver driver = driver(Definitions.of(split, whole), mode)) {
            String rest = ", \"id\": \"r\", \"ts\": " + NOW + ", \"imp\": [{\"id\": 1}, {\"id\": 2}]}";
            driver.process(null, bytes("{\"kind\": \"request\"" + rest));
            driver.process(null, bytes("{\"kind2\": \"a\"" + rest));
            driver.process(null, bytes("{\"kind\": \"request\", \"kind2\": \"a\"" + rest));
            driver.process(null, bytes("{\"kind\": \"request\", \"kind2\": \"a\"" + rest.replace("imp", "pmi")));
            driver.process(null, bytes("{\"kind\": \"other\"" + rest));

            assertThat(driver.outputs(SHUFFLED))
                    .extracting(o -> EnvelopeCodec.decodeShuffled(o.value()).stream() + " " + o.keyText())
                    .containsExactly(
                            "request r|1", "request r|2", "auction r", "request r|1", "request r|2", "auction r");
            // The fourth is of no use to either stream, and one dead letter.
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("no-elements", "no-stream");
            assertThat(driver.books().encode()).startsWith("in:5,added:3,emitted:6,");
            driver.assertBalanced();
        }
    }

    @Test
    void avro(@TempDir Path folder) throws IOException {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "R", "fields": [
                  {"name": "imp", "type": {"type": "array", "items": {"type": "record", "name": "I", "fields": [
                    {"name": "id", "type": ["null", "string"]}]}}},
                  {"name": "id", "type": "string"}, {"name": "ts", "type": "long"}]}
                """);
        Path file = Files.writeString(folder.resolve("r.avsc"), schema.toString());
        StreamDefinition stream = Definitions.forEach(
                "imp",
                Definitions.stream(
                        "request",
                        new PayloadFormat.Avro(file),
                        "id,imp.id",
                        "imp.id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.empty()));
        try (TaskDriver driver = driver(Definitions.of(stream), Mode.ABORT)) {
            driver.process(null, avro(schema, "1", "2"));
            driver.process(null, avro(schema, "1", null));
            driver.process(null, avro(schema));
            assertThat(driver.outputs(SHUFFLED)).extracting(Output::keyText).containsExactly("r|1", "r|2");
            byte[] second = new byte[events(driver).get(1).payload().remaining()];
            events(driver).get(1).payload().duplicate().get(second);
            assertThat(second).isEqualTo(avro(schema, "2"));
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("no-key");
            assertThat(driver.books().encode()).startsWith("in:3,added:0,emitted:2,");
            driver.assertBalanced();
        }
    }

    /** Good and bad records in a random row: the same events in all modes, in the order of records and elements. */
    @Test
    void randomRecordsGiveTheSameInAllModes() {
        int seed = new Random().nextInt();
        Random random = new Random(seed);
        List<byte[]> records = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int r = 0; r < 60; r++) {
            int count = random.nextInt(5);
            boolean bad = count > 0 && random.nextInt(4) == 0;
            int badOne = bad ? random.nextInt(count) : -1;
            List<String> elements = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                elements.add(i == badOne ? "{}" : "{\"id\": " + i + "}");
                if (!bad) {
                    keys.add("r" + r + "|" + i);
                }
            }
            records.add(request("r" + r, elements.toArray(String[]::new)));
        }
        Map<Mode, String> books = Stream.of(Mode.values()).collect(Collectors.toMap(mode -> mode, mode -> {
            try (TaskDriver driver = driver(requests(), mode)) {
                records.forEach(record -> driver.process(null, record));
                assertThat(driver.outputs(SHUFFLED))
                        .as("seed %d, %s", seed, mode)
                        .extracting(Output::keyText)
                        .containsExactlyElementsOf(keys);
                driver.assertBalanced();
                return driver.books().encode();
            }
        }));
        assertThat(books.values()).as("seed %d", seed).containsOnly(books.get(Mode.STRAIGHT));
    }

    private static PipelineDefinition requests() {
        return Definitions.of(Definitions.forEach(
                "imp",
                Definitions.stream(
                        "request",
                        new PayloadFormat.Json(),
                        "id,imp.id",
                        "id,imp.id",
                        TimeFormat.EPOCH_MILLIS,
                        Optional.empty())));
    }

    private static TaskDriver driver(PipelineDefinition definition, Mode mode) {
        return ShuffleTaskTest.driver(definition, mode);
    }

    private static List<ShuffledEvent> events(TaskDriver driver) {
        return driver.outputs(SHUFFLED).stream()
                .map(o -> EnvelopeCodec.decodeShuffled(o.value()))
                .toList();
    }

    private static List<String> payloads(TaskDriver driver) {
        return events(driver).stream()
                .map(e -> StandardCharsets.UTF_8.decode(e.payload().duplicate()).toString())
                .toList();
    }

    private static byte[] request(String id, String... elements) {
        return bytes(text(id, elements));
    }

    private static String text(String id, String... elements) {
        return "{\"id\": \"" + id + "\", \"imp\": [" + String.join(",", elements) + "], \"ts\": " + NOW + "}";
    }

    private static byte[] avro(Schema schema, String... ids) throws IOException {
        GenericRecord record = new GenericData.Record(schema);
        List<GenericRecord> elements = new ArrayList<>();
        for (String id : ids) {
            GenericRecord element =
                    new GenericData.Record(schema.getField("imp").schema().getElementType());
            element.put("id", id);
            elements.add(element);
        }
        record.put("imp", elements);
        record.put("id", "r");
        record.put("ts", NOW);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
