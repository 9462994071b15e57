package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Splitting of JSON; {@link AvroElementsTest} has Avro. */
class ElementReaderTest {
    private static final long PLENTY = 1 << 20;

    @Test
    void everyElementGetsTheRecordWithItAloneAllOtherBytesUntouched() {
        String head = " {\"id\" : \"r\\u00e9\", \"n\":1.50,\"imp\": ";
        String tail = " ,\"site\":{\"page\":\"ü\"} , \"imp2\":[ 1,2 ]}\n";
        String first = "{ \"id\": \"1\", \"w\":[1, 2] }";
        String second = "{\"id\":\"2\" , \"s\": \"]\\\"}\"}";
        List<PayloadElement> split = split(
                "imp", head + "[ " + first + "\t,  " + second + "\n]" + tail, "imp.id", "id", "imp.w[1]", "imp.s");

        assertThat(texts(split)).containsExactly(head + "[" + first + "]" + tail, head + "[" + second + "]" + tail);
        assertThat(split.get(0).fields().values()).containsExactly("1", "ré", 2L, NoScalar.MISSING);
        assertThat(split.get(1).fields().values()).containsExactly("2", "ré", NoScalar.MISSING, "]\"}");
        assertThat(split.get(0).fields().encoding()).isEqualTo(PayloadEncoding.JSON);
    }

    @Test
    void aSingleElementLeavesTheRecordAsItIs() {
        String json = "{\"id\":1,\"imp\":[ {\"id\":\"a\"} ]}";
        assertThat(texts(split("imp", json))).containsExactly(json);
        String nested = "{\"s\": [ {\"b\": [ 7 ], \"n\": 1} ]}";
        assertThat(texts(split("s.b", nested))).containsExactly(nested);
    }

    @Test
    void arraysOnTheWayAreGoneThrough() {
        String json =
                "{\"id\":\"r\",\"seatbid\":[{\"seat\":\"A\",\"bid\":[{\"id\":1,\"p\":2.5},{\"id\":2}]},{\"bid\":[]},"
                        + " {\"bid\":[{\"id\":3}],\"seat\":\"B\"}],\"cur\":\"USD\"}";
        List<PayloadElement> split =
                split("seatbid.bid", json, "id", "seatbid.seat", "seatbid.bid.id", "cur", "seatbid", "seatbid.bid");
        assertThat(texts(split))
                .containsExactly(
                        "{\"id\":\"r\",\"seatbid\":[{\"seat\":\"A\",\"bid\":[{\"id\":1,\"p\":2.5}]}],\"cur\":\"USD\"}",
                        "{\"id\":\"r\",\"seatbid\":[{\"seat\":\"A\",\"bid\":[{\"id\":2}]}],\"cur\":\"USD\"}",
                        "{\"id\":\"r\",\"seatbid\":[{\"bid\":[{\"id\":3}],\"seat\":\"B\"}],\"cur\":\"USD\"}");
        assertThat(split)
                .extracting(e -> List.of(e.fields().values()))
                .containsExactly(
                        List.of("r", "A", 1L, "USD", NoScalar.OBJECT, NoScalar.OBJECT),
                        List.of("r", "A", 2L, "USD", NoScalar.OBJECT, NoScalar.OBJECT),
                        List.of("r", "B", 3L, "USD", NoScalar.OBJECT, NoScalar.OBJECT));
    }

    @Test
    void objectsOnTheWayToo() {
        assertThat(texts(split("a.b", "{\"a\":{\"x\":0,\"b\":[1,{}]}}")))
                .containsExactly("{\"a\":{\"x\":0,\"b\":[1]}}", "{\"a\":{\"x\":0,\"b\":[{}]}}");
    }

    @Test
    void elementsMayBeAnythingButArrays() {
        String json = "{\"t\":[\"a\\\"b\" , 12,-1.5e3,true, null,\"é\"]}";
        List<PayloadElement> split = split("t", json, "t");
        assertThat(texts(split))
                .containsExactly(
                        "{\"t\":[\"a\\\"b\"]}",
                        "{\"t\":[12]}",
                        "{\"t\":[-1.5e3]}",
                        "{\"t\":[true]}",
                        "{\"t\":[null]}",
                        "{\"t\":[\"é\"]}");
        assertThat(split.get(0).fields().value(0)).isEqualTo("a\"b");
        assertThat(split.get(1).fields().value(0)).isEqualTo(12L);
        assertThat(split.get(4).fields().value(0)).isEqualTo(NoScalar.NULL);
    }

    /** As everywhere else: the payload's reader must find what shuffle has found. */
    @Test
    void ofFieldsOfOneNameTheLastCounts() {
        String json = "{\"imp\":[{\"id\":1},{\"id\":2}],\"imp\":[{\"id\":3},{\"id\":4}]}";
        List<PayloadElement> split = split("imp", json, "imp.id");
        assertThat(texts(split))
                .containsExactly(
                        "{\"imp\":[{\"id\":1},{\"id\":2}],\"imp\":[{\"id\":3}]}",
                        "{\"imp\":[{\"id\":1},{\"id\":2}],\"imp\":[{\"id\":4}]}");
        assertThat(split).extracting(e -> e.fields().value(0)).containsExactly(3L, 4L);
        assertThat(split("imp", "{\"imp\":7,\"imp\":[{\"id\":3}]}", "imp.id")).hasSize(1);
        assertThat(texts(split("s.b", "{\"s\":[{\"b\":[1]},{\"b\":[2,3],\"b\":[4]}]}")))
                .containsExactly("{\"s\":[{\"b\":[1]}]}", "{\"s\":[{\"b\":[2,3],\"b\":[4]}]}");
        assertThat(refusal("imp", "{\"imp\":[{\"id\":3}],\"imp\":null}")).hasMessageContaining("field imp is null");
    }

    @Test
    void anEmptyArrayHasNoElements() {
        assertThat(split("imp", "{\"imp\":[ ]}")).isEmpty();
        assertThat(split("seatbid.bid", "{\"seatbid\":[]}")).isEmpty();
        assertThat(split("seatbid.bid", "{\"seatbid\":[{\"bid\":[]}]}")).isEmpty();
    }

    @Test
    void aRecordWithoutElementsHasTheFieldsOutside() {
        ElementReader reader = reader("seatbid.bid", "ts", "seatbid.seat", "seatbid.bid.ts", "seatbid.bid");
        String seats = "{\"seatbid\":[{\"seat\":\"A\",\"bid\":[]},{\"seat\":\"B\",\"bid\":[]}],\"ts\":7}";
        assertThat(reader.fields(seats.getBytes(StandardCharsets.UTF_8)).values())
                .startsWith(7L, "B", NoScalar.MISSING);
        assertThat(reader.fields("{\"ts\":7,\"seatbid\":[]}".getBytes(StandardCharsets.UTF_8))
                        .values())
                .startsWith(7L, NoScalar.MISSING, NoScalar.MISSING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "imp;{};field imp is missing",
                "imp;{'imp':null};field imp is null",
                "imp;{'imp':{'id':1}};field imp is no array",
                "imp;{'imp':'x'};field imp is no array",
                "imp;{'imp':[[1]]};field imp has an array as its element",
                "s.b;{'s':[{'b':[1]},{'x':1}]};field s.b is missing",
                "s.b;{'s':[{'b':[1]},{'b':null},{'b':[2]}]};field s.b is null",
                "s.b;{'s':[{'b':[1]},5]};field s has an element that is no object",
                "s.b;{'s':[[{'b':[1]}]]};field s has an array as its element",
                "s.b;{'s':{'b':{'c':1}}};field s.b is no array",
                "s.b;{'s':3};field s is no array"
            })
    void withoutItsArrayARecordIsRefused(String forEach, String json, String problem) {
        assertThat(refusal(forEach, json.replace('\'', '"')))
                .hasMessage(problem + "; one event is made of each element of " + forEach)
                .extracting(MalformedPayloadException::reason)
                .isEqualTo("no-elements");
    }

    static Stream<Arguments> broken() {
        Charset wide = StandardCharsets.UTF_16BE;
        return Stream.of(
                Arguments.of("{\"imp\":[{\"id\":1}".getBytes(StandardCharsets.UTF_8), "not JSON"),
                Arguments.of("{\"imp\":[1,2]} x".getBytes(StandardCharsets.UTF_8), "not JSON"),
                Arguments.of("{\"imp\":[1,2],\"x\":tru}".getBytes(StandardCharsets.UTF_8), "not JSON"),
                Arguments.of("[{\"imp\":[1,2]}]".getBytes(StandardCharsets.UTF_8), "top level is an array"),
                Arguments.of("{\"imp\":[1,2]}".getBytes(wide), "must be in UTF-8"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatCannotBeReadIsMalformed(byte[] raw, String problem) {
        assertThatThrownBy(() -> reader("imp").read(raw, PLENTY))
                .isInstanceOf(MalformedPayloadException.class)
                .hasMessageContaining(problem)
                .extracting(e -> ((MalformedPayloadException) e).reason())
                .isEqualTo("malformed");
    }

    @Test
    void aByteOrderMarkStaysWhereItIs() {
        assertThat(texts(split("imp", "\uFEFF{\"imp\":[1,2]}")))
                .containsExactly("\uFEFF{\"imp\":[1]}", "\uFEFF{\"imp\":[2]}");
    }

    /** A record of n bytes could become n² / 4 otherwise. */
    @Test
    void whatWouldBecomeTooMuchIsRefused() {
        byte[] raw = "{\"imp\":[1,2,3]}".getBytes(StandardCharsets.UTF_8); // each would be {"imp":[1]}, 11 bytes
        assertThat(reader("imp").read(raw, 33)).hasSize(3);
        assertThatThrownBy(() -> reader("imp").read(raw, 32))
                .hasMessage("the events of its 3 elements of imp would have more than 32 bytes together")
                .extracting(e -> ((MalformedPayloadException) e).reason())
                .isEqualTo("too-many-elements");
    }

    @Test
    void inTheDecodedPayloadTheArrayStandsForItsElement() {
        Payload payload = decode("{\"s\":[{\"x\":1,\"b\":[{\"id\":2,\"w\":[{\"z\":3}]}]}],\"t\":[{\"y\":4}]}");
        assertThat(Stream.of(
                                "s.x",
                                "s.b.id",
                                "s[0].x",
                                "s[0].b[0].id",
                                "s.b[0].id",
                                "s.b.w[0].z",
                                "s.b.w.z",
                                "t.y",
                                "t[0].y")
                        .map(path -> payload.value(FieldPath.parse(path))))
                .containsExactly(1L, 2L, 1L, 2L, 2L, 3L, null, null, 4L);
        assertThat(payload.value(FieldPath.parse("s.b"))).asString().startsWith("{id=2");
        assertThat(payload.toJson()).startsWith("{\"s\":[{\"x\":1,\"b\":[{");
        // Of a record from before the definition had a for-each, no element is meant.
        assertThat(decode("{\"s\":[{\"x\":1},{\"x\":2}]}").value(FieldPath.parse("s.x")))
                .isNull();
    }

    @Test
    void randomRecordsSplitAsTheirTreesDo() throws IOException {
        int seed = new Random().nextInt();
        Random random = new Random(seed);
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < 500; i++) {
            ObjectNode record = mapper.createObjectNode();
            record.put("id", "r" + i);
            ArrayNode seats = record.putArray("seatbid");
            List<JsonNode> expected = new ArrayList<>();
            for (int s = random.nextInt(4); s > 0; s--) {
                ObjectNode seat = seats.addObject();
                seat.put("before", "[{\"");
                ArrayNode bids = seat.putArray("bid");
                for (int b = random.nextInt(4); b > 0; b--) {
                    bids.addObject().put("id", s * 10 + b).put("text", "ü,]}\\\"".substring(random.nextInt(6)));
                }
                seat.put("after", random.nextInt());
                bids.forEach(bid -> {
                    ObjectNode alone = record.deepCopy();
                    ObjectNode itsSeat = seat.deepCopy();
                    itsSeat.putArray("bid").add(bid);
                    alone.putArray("seatbid").add(itsSeat);
                    expected.add(alone.put("end", true));
                });
            }
            record.put("end", true);
            String text = random.nextBoolean() ? record.toString() : record.toPrettyString();
            List<JsonNode> split = new ArrayList<>();
            for (PayloadElement element : split("seatbid.bid", text)) {
                split.add(mapper.readTree(text(element)));
            }
            assertThat(split).as("seed %d: %s", seed, text).isEqualTo(expected);
        }
    }

    private static Payload decode(String json) {
        PayloadDecoder decoder = PayloadDecoder.of(Streams.splitBy("s.b", new PayloadFormat.Json()));
        return decoder.decodeRaw(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static MalformedPayloadException refusal(String forEach, String json) {
        return catchThrowableOfType(MalformedPayloadException.class, () -> split(forEach, json));
    }

    private static List<PayloadElement> split(String forEach, String json, String... paths) {
        return reader(forEach, paths).read(json.getBytes(StandardCharsets.UTF_8), PLENTY);
    }

    private static ElementReader reader(String forEach, String... paths) {
        return ElementReader.of(
                new PayloadFormat.Json(),
                FieldPath.parse(forEach),
                Stream.of(paths).map(FieldPath::parse).toList());
    }

    private static List<String> texts(List<PayloadElement> elements) {
        return elements.stream().map(ElementReaderTest::text).toList();
    }

    private static String text(PayloadElement element) {
        return StandardCharsets.UTF_8.decode(element.payload().duplicate()).toString();
    }
}
