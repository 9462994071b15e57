package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

class AvroPayloadsTest {
    private static final Schema EVERYTHING = new Schema.Parser().parse("""
            {"type": "record", "name": "Everything", "fields": [
              {"name": "s", "type": "string"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"},
              {"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "b", "type": "boolean"},
              {"name": "by", "type": "bytes"}, {"name": "fx", "type": {"type": "fixed", "name": "F", "size": 5}},
              {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["X", "Y", "Z"]}},
              {"name": "n", "type": "null"}, {"name": "u", "type": ["null", "string", "long", "E"]},
              {"name": "a", "type": {"type": "array", "items": ["string", "null"]}},
              {"name": "m", "type": {"type": "map", "values": {"type": "array", "items": "double"}}},
              {"name": "r", "type": ["null", {"type": "record", "name": "Inner", "fields": [
                {"name": "x", "type": "int"}, {"name": "next", "type": ["null", "Inner"]}]}]},
              {"name": "last", "type": "string"}]}
            """);

    @Test
    void readsWhatAvrosOwnReaderReads() throws IOException {
        int seed = new Random().nextInt();
        List<FieldPath> paths = java.util.stream.Stream.of(
                        "last", "u", "a[0]", "m", "r.x", "r.next.x", "e", "fx", "n", "b", "nosuch")
                .map(FieldPath::parse)
                .toList();
        for (Object datum : new RandomData(EVERYTHING, 500, seed)) {
            byte[] bytes = encode(EVERYTHING, datum);
            Object expected = plain(new GenericDatumReader<>(EVERYTHING)
                    .read(null, DecoderFactory.get().binaryDecoder(bytes, null)));
            assertThat(read(EVERYTHING, bytes)).as("seed %d", seed).isEqualTo(expected);

            Object[] found = find(EVERYTHING, bytes, paths);
            for (int i = 0; i < paths.size(); i++) {
                assertThat(found[i])
                        .as("%s, seed %d", paths.get(i), seed)
                        .isEqualTo(asFound(valueAt(expected, paths.get(i)), found[i]));
            }
        }
    }

    @Test
    void readsCollectionsInSeveralBlocksWithTheirSizes() throws IOException {
        Schema schema = record("{\"name\": \"a\", \"type\": {\"type\": \"array\", \"items\": \"long\"}},"
                + "{\"name\": \"z\", \"type\": \"string\"}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
        GenericRecord record = new GenericData.Record(schema);
        List<Long> longs = new ArrayList<>();
        for (long i = 0; i < 1_000; i++) {
            longs.add(i * 1_000_003);
        }
        record.put("a", longs);
        record.put("z", "end");
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();

        assertThat(read(schema, out.toByteArray())).isEqualTo(Map.of("a", longs, "z", "end"));
        assertThat(find(schema, out.toByteArray(), List.of(FieldPath.parse("a[999]"), FieldPath.parse("z"))))
                .containsExactly(999L * 1_000_003, "end");
    }

    @Test
    void turnsLogicalTypesIntoWhatTheyMean() throws IOException {
        Schema schema = record("""
                {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}},
                {"name": "fee", "type": {"type": "fixed", "name": "Fee", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}},
                {"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}},
                {"name": "uuid16", "type": {"type": "fixed", "name": "U", "size": 16, "logicalType": "uuid"}},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "ms", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "us", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "cpm", "type": "float"}
                """);
        GenericRecord record = new GenericData.Record(schema);
        record.put("price", ByteBuffer.wrap(BigInteger.valueOf(-12_345).toByteArray()));
        record.put("fee", new GenericData.Fixed(schema.getField("fee").schema(), new byte[] {0, 0, 1, 0}));
        record.put("uuid", "123e4567-e89b-12d3-a456-426614174000");
        record.put(
                "uuid16",
                new GenericData.Fixed(
                        schema.getField("uuid16").schema(),
                        HexFormat.of().parseHex("123e4567e89b12d3a456426614174000")));
        record.put("day", 18_224);
        record.put("ms", 1_574_553_663_979L);
        record.put("us", 1_574_553_663_979_311L);
        record.put("cpm", 0.1f);
        byte[] bytes = encode(schema, record);

        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("price", new BigDecimal("-1.2345"));
        expected.put("fee", new BigDecimal("2.56"));
        expected.put("uuid", "123e4567-e89b-12d3-a456-426614174000");
        expected.put("uuid16", "123e4567-e89b-12d3-a456-426614174000");
        expected.put("day", "2019-11-24");
        expected.put("ms", 1_574_553_663_979L);
        expected.put("us", 1_574_553_663_979_311L);
        expected.put("cpm", 0.1);
        assertThat(read(schema, bytes)).isEqualTo(expected);
        assertThat(find(
                        schema,
                        bytes,
                        expected.keySet().stream().map(FieldPath::parse).toList()))
                .containsExactly(expected.values().toArray());
    }

    @Test
    void refusesEveryTruncationAndEveryAddition() throws IOException {
        int seed = new Random().nextInt();
        for (Object datum : new RandomData(EVERYTHING, 20, seed)) {
            byte[] bytes = encode(EVERYTHING, datum);
            for (int length = 0; length < bytes.length; length++) {
                assertRefused(EVERYTHING, Arrays.copyOf(bytes, length), "");
            }
            assertRefused(EVERYTHING, Arrays.copyOf(bytes, bytes.length + 1), "1 bytes are left over");
        }
    }

    @Test
    void noiseIsRefusedOrReadButNeverAnythingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            try {
                read(EVERYTHING, noise);
            } catch (MalformedPayloadException expected) {
                assertThat(expected.reason()).as("seed %d", seed).isEqualTo("malformed");
            }
        }
    }

    @Test
    void believesNoAbsurdLength() {
        Schema text = record("{\"name\": \"s\", \"type\": \"string\"}");
        assertRefused(text, written(out -> out.longs(1L << 31)), "a length of 2147483648");
        assertRefused(text, written(out -> out.longs(Integer.MAX_VALUE)), "a length of 2147483647");
        assertRefused(text, written(out -> out.longs(-1)), "a length of -1");

        Schema nulls = record("{\"name\": \"a\", \"type\": {\"type\": \"array\", \"items\": \"null\"}}");
        assertRefused(nulls, written(out -> out.longs(1L << 60, 0)), "claims 1152921504606846976 items");
        assertRefused(nulls, written(out -> out.longs(Long.MIN_VALUE, 0, 0)), "items");
        assertThat(read(nulls, written(out -> out.longs(3, 0))))
                .isEqualTo(Map.of("a", Arrays.asList(null, null, null)));
        assertRefused(
                nulls,
                written(out -> {
                    for (int i = 0; i < 100; i++) {
                        out.longs(5_000);
                    }
                    out.longs(0);
                }),
                "claims 5000 items");
    }

    @Test
    void refusesOtherValuesThatTheSchemaDoesNotAllow() {
        assertRefused(record("{\"name\": \"b\", \"type\": \"boolean\"}"), new byte[] {2}, "a boolean is 0 or 1, not 2");
        assertRefused(
                record("{\"name\": \"u\", \"type\": [\"null\", \"string\"]}"),
                written(out -> out.longs(2)),
                "branch 2 of a union of 2");
        assertRefused(
                record("{\"name\": \"e\", \"type\": {\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"X\"]}}"),
                written(out -> out.longs(1)),
                "symbol 1 of E, which has 1");
        assertRefused(
                record("{\"name\": \"i\", \"type\": \"int\"}"), written(out -> out.longs(1L << 31)), "does not fit");
        byte[] elevenBytes = new byte[11];
        Arrays.fill(elevenBytes, (byte) 0x80);
        assertRefused(record("{\"name\": \"l\", \"type\": \"long\"}"), elevenBytes, "more than 10 bytes");
    }

    @Test
    void refusesStringsThatAreNotUtf8() {
        Schema schema = record("{\"name\": \"s\", \"type\": \"string\"}");
        byte[] broken = {4, (byte) 0xC3, 'x'};
        MalformedPayloadException e = catchThrowableOfType(MalformedPayloadException.class, () -> read(schema, broken));
        assertThat(e).hasMessageContaining("not UTF-8");
        assertThat(read(schema, new byte[] {6, (byte) 0xEF, (byte) 0xBF, (byte) 0xBD}))
                .isEqualTo(Map.of("s", "\uFFFD"));
    }

    @Test
    void refusesEndlessNestingInsteadOfOverflowingTheStack() {
        Schema schema = new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"N\", \"fields\": [{\"name\": \"n\", \"type\": [\"null\", \"N\"]}]}");
        byte[] deep = new byte[100_001];
        Arrays.fill(deep, 0, 100_000, (byte) 2);
        assertRefused(schema, deep, "nested more than");
    }

    private static Schema record(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [" + fields + "]}");
    }

    /** Refused whether the fields are wanted or passed over. */
    private static void assertRefused(Schema schema, byte[] bytes, String problem) {
        String first = schema.getFields().get(0).name();
        for (MalformedPayloadException e : Arrays.asList(
                catchThrowableOfType(MalformedPayloadException.class, () -> read(schema, bytes)),
                catchThrowableOfType(
                        MalformedPayloadException.class,
                        () -> find(schema, bytes, List.of(FieldPath.parse(first + ".n.n[0]")))),
                catchThrowableOfType(
                        MalformedPayloadException.class,
                        () -> find(schema, bytes, List.of(FieldPath.parse("nosuch")))))) {
            assertThat(e)
                    .as(Arrays.toString(Arrays.copyOf(bytes, Math.min(bytes.length, 50))))
                    .isNotNull();
            assertThat(e.reason()).isEqualTo("malformed");
            assertThat(e).hasMessageContaining(problem);
        }
    }

    private static Object read(Schema schema, byte[] bytes) {
        AvroBytes in = new AvroBytes(ByteBuffer.wrap(bytes), 0);
        Object value = AvroPayloads.read(schema, in, 0);
        in.expectEnd();
        return value;
    }

    private static Object[] find(Schema schema, byte[] bytes, List<FieldPath> paths) {
        Object[] values = new Object[paths.size()];
        Arrays.fill(values, NoScalar.MISSING);
        AvroBytes in = new AvroBytes(ByteBuffer.wrap(bytes), 0);
        AvroPayloads.find(schema, in, PathTree.of(paths), values, 0);
        in.expectEnd();
        return values;
    }

    /** The found value that goes with one read as a whole. */
    private static Object asFound(Object value, Object found) {
        if (value == null) {
            // Read as a whole, a missing field and null look the same.
            return found == NoScalar.MISSING ? NoScalar.MISSING : NoScalar.NULL;
        }
        return value instanceof Map ? NoScalar.OBJECT : value instanceof List ? NoScalar.ARRAY : value;
    }

    private static Object valueAt(Object whole, FieldPath path) {
        Map<String, Object> fields = new LinkedHashMap<>();
        ((Map<?, ?>) whole).forEach((name, value) -> fields.put((String) name, value));
        return new DecodedPayload(fields, List.of()).value(path);
    }

    private static byte[] encode(Schema schema, Object datum) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Avro's generic data as {@link Payload} gives it. */
    private static Object plain(Object datum) {
        if (datum instanceof GenericRecord record) {
            Map<String, Object> map = new LinkedHashMap<>();
            record.getSchema().getFields().forEach(f -> map.put(f.name(), plain(record.get(f.pos()))));
            return map;
        }
        if (datum instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((name, value) -> plain.put(name.toString(), plain(value)));
            return plain;
        }
        if (datum instanceof List<?> list) {
            List<Object> plain = new ArrayList<>();
            list.forEach(value -> plain.add(plain(value)));
            return plain;
        }
        if (datum instanceof GenericData.Fixed fixed) {
            return HexFormat.of().formatHex(fixed.bytes());
        }
        if (datum instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return HexFormat.of().formatHex(bytes);
        }
        if (datum instanceof Integer number) {
            return (long) number;
        }
        if (datum instanceof Float number) {
            return Double.valueOf(number.toString());
        }
        if (datum == null || datum instanceof Long || datum instanceof Double || datum instanceof Boolean) {
            return datum;
        }
        return datum.toString();
    }

    private static byte[] written(Consumer<Numbers> writer) {
        Numbers numbers = new Numbers();
        writer.accept(numbers);
        return numbers.bytes.toByteArray();
    }

    private static final class Numbers {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void longs(long... values) {
            for (long value : values) {
                long rest = (value << 1) ^ (value >> 63);
                while ((rest & ~0x7FL) != 0) {
                    bytes.write((int) ((rest & 0x7F) | 0x80));
                    rest >>>= 7;
                }
                bytes.write((int) rest);
            }
        }
    }
}
