package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonPayloadsTest {
    private static final PayloadDecoder DECODER = PayloadDecoder.of(new PayloadFormat.Json());

    @Test
    void findsPathsThroughObjectsAndArrays() {
        String json = """
                {"id": "r1", "imp": [{"id": "a", "w": 300}, {"id": "b", "deals": [1, [2, 3]]}], "ok": true, "x": null,
                 "device": {"geo": {"country": "DEU", "lat": 52.50}, "ua": "\\u00e9\\ud83d\\ude00"}, "n": 12}
                """;
        assertThat(find(json, "id", "imp[0].id", "imp[1].id", "imp[1].deals[1][0]", "imp[2].id", "imp", "device.geo"))
                .containsExactly("r1", "a", "b", 2L, NoScalar.MISSING, NoScalar.ARRAY, NoScalar.OBJECT);
        assertThat(find(json, "device.geo.country", "device.geo.lat", "device.ua", "n", "ok", "x", "id.y", "no", "id"))
                .containsExactly(
                        "DEU",
                        new BigDecimal("52.50"),
                        "é😀",
                        12L,
                        true,
                        NoScalar.NULL,
                        NoScalar.MISSING,
                        NoScalar.MISSING,
                        "r1");
    }

    @Test
    void ofFieldsOfOneNameTheLastCountsAsAWhole() {
        String json =
                "{\"a\": {\"b\": 1, \"c\": 2}, \"a\": {\"c\": 3}, \"d\": [1, 2], \"d\": [3], \"e\": 1, \"e\": null}";
        String[] paths = {"a.b", "a.c", "d[0]", "d[1]", "e"};
        assertThat(find(json, paths)).containsExactly(NoScalar.MISSING, 3L, 3L, NoScalar.MISSING, NoScalar.NULL);
        Payload payload = decode(json);
        assertThat(Arrays.stream(paths).map(p -> payload.value(FieldPath.parse(p))))
                .containsExactly(null, 3L, 3L, null, null);
    }

    @Test
    void decodesTheWhole() {
        Payload payload = decode("{\"s\": \"x\", \"l\": 9223372036854775807, \"big\": 9223372036854775808, \"d\": 0.10,"
                + " \"b\": false, \"n\": null, \"o\": {\"a\": [1, {\"z\": \"y\"}, []]}}");
        assertThat(payload.fields())
                .containsExactly(
                        Map.entry("s", "x"),
                        Map.entry("l", Long.MAX_VALUE),
                        Map.entry("big", new BigDecimal("9223372036854775808")),
                        Map.entry("d", new BigDecimal("0.10")),
                        Map.entry("b", false),
                        entryOfNull("n"),
                        Map.entry("o", Map.of("a", List.of(1L, Map.of("z", "y"), List.of()))));
        assertThat(payload.value(FieldPath.parse("o.a[1].z"))).isEqualTo("y");
        assertThat(payload.value(FieldPath.parse("o.a[1]"))).isEqualTo(Map.of("z", "y"));
        assertThat(payload.value(FieldPath.parse("o.a[7]"))).isNull();
        assertThat(payload.value(FieldPath.parse("s[0]"))).isNull();
        assertThat(payload.value(FieldPath.parse("n"))).isNull();
        assertThat(payload.toJson())
                .isEqualTo("{\"s\":\"x\",\"l\":9223372036854775807,\"big\":9223372036854775808,\"d\":0.10,"
                        + "\"b\":false,\"n\":null,\"o\":{\"a\":[1,{\"z\":\"y\"},[]]}}");
        assertThatThrownBy(() -> payload.fields().put("q", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void numbersThatWouldFillTheMemoryAsDecimalsBecomeDoubles() {
        assertThat(find(
                        "{\"a\": 1e999999999, \"b\": -1e-999999999, \"c\": 1e99999999999999999999, \"d\": 1.5e300}",
                        "a",
                        "b",
                        "c",
                        "d"))
                .containsExactly(Double.POSITIVE_INFINITY, -0.0, Double.POSITIVE_INFINITY, new BigDecimal("1.5e300"));
    }

    @Test
    void readsASliceOfALargerArrayAndADirectBuffer() {
        byte[] bytes = "xx{\"a\": 1}yy".getBytes(StandardCharsets.UTF_8);
        ByteBuffer slice = ByteBuffer.wrap(bytes, 2, bytes.length - 4).slice();
        assertThat(DECODER.decode(PayloadEncoding.JSON, 0, slice).fields()).isEqualTo(Map.of("a", 1L));
        assertThat(slice.position()).isZero();
        ByteBuffer direct =
                ByteBuffer.allocateDirect(bytes.length).put(bytes).position(2).limit(bytes.length - 2);
        assertThat(DECODER.decodeRaw(direct).fields()).isEqualTo(Map.of("a", 1L));
        assertThat(direct.position()).isEqualTo(2);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", "empty"),
                Arguments.of("  \n", "empty"),
                Arguments.of("{", "end-of-input"),
                Arguments.of("{\"a\": 1", "end-of-input"),
                Arguments.of("{\"a\": 1, \"z\": [1, {\"q\": 2}", "end-of-input"),
                Arguments.of("{\"a\": 1, \"z\": \"unfinished", "end-of-input"),
                Arguments.of("{\"a\": 1, \"z\": tru}", "tru"),
                Arguments.of("{\"a\": 1, \"z\": 01}", "Leading zeroes"),
                Arguments.of("{\"a\": 1, \"z\": NaN}", "NaN"),
                Arguments.of("{\"a\": 1,}", "expecting"),
                Arguments.of("{a: 1}", "expecting"),
                Arguments.of("{\"a\": 1} x", "after the end|Unrecognized token"),
                Arguments.of("{\"a\": 1}}", "Unexpected close marker"),
                Arguments.of("{\"a\": 1}{\"a\": 2}", "more after the end of the object, at byte 8"),
                Arguments.of("{\"a\": 1}\n{\"a\": 2}", "more after the end of the object, at byte 9"),
                Arguments.of("[{\"a\": 1}]", "top level is an array"),
                Arguments.of("\"a\"", "top level is a string"),
                Arguments.of("12", "top level is a number"),
                Arguments.of("null", "top level is null"),
                Arguments.of("hello", "hello"),
                Arguments.of("{\"a\": 1, \"z\": " + "[".repeat(2_000) + "]".repeat(2_000) + "}", "nesting depth"),
                Arguments.of("{\"a\": 1, \"z\": \"\u0001\"}", "CTRL-CHAR"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void refusesWhatIsNotOneWholeObject(String json, String problem) {
        assertRefused(json.getBytes(StandardCharsets.UTF_8), problem);
    }

    @Test
    void refusesTextThatIsNotUtf8EvenInFieldsNobodyWants() {
        byte[] bytes = "{\"a\": 1, \"z\": \"?\"}".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 3] = (byte) 0xFF;
        assertRefused(bytes, "UTF-8");
    }

    private static void assertRefused(byte[] bytes, String problem) {
        PayloadReader reader = PayloadReader.of(new PayloadFormat.Json(), List.of(FieldPath.parse("a")));
        for (MalformedPayloadException e : List.of(
                catchThrowableOfType(MalformedPayloadException.class, () -> reader.read(bytes)),
                catchThrowableOfType(
                        MalformedPayloadException.class, () -> DECODER.decodeRaw(ByteBuffer.wrap(bytes))))) {
            assertThat(e.reason()).isEqualTo("malformed");
            assertThat(e.getMessage()).containsPattern(problem);
        }
    }

    private static Object[] find(String json, String... paths) {
        PayloadReader reader = PayloadReader.of(
                new PayloadFormat.Json(),
                Arrays.stream(paths).map(FieldPath::parse).toList());
        PayloadFields fields = reader.read(json.getBytes(StandardCharsets.UTF_8));
        assertThat(fields.encoding()).isEqualTo(PayloadEncoding.JSON);
        assertThat(fields.schemaId()).isZero();
        return fields.values();
    }

    private static Payload decode(String json) {
        return DECODER.decode(PayloadEncoding.JSON, 0, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map.Entry<String, Object> entryOfNull(String name) {
        return new java.util.AbstractMap.SimpleEntry<>(name, null);
    }
}
