package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Splitting of Avro, held against Avro's own reader and writer. */
class AvroElementsTest {
    private static final long PLENTY = 1 << 20;
    private static final Schema RESPONSE = new Schema.Parser().parse("""
            {"type": "record", "name": "Response", "fields": [
              {"name": "id", "type": "string"},
              {"name": "seatbid", "type": ["null", {"type": "array", "items": {
                "type": "record", "name": "Seat", "fields": [
                  {"name": "bid", "type": {"type": "array", "items": ["null", {
                    "type": "record", "name": "Bid", "fields": [
                      {"name": "id", "type": "string"}, {"name": "price", "type": "double"}]}]}},
                  {"name": "seat", "type": "string"}]}}]},
              {"name": "other", "type": {"type": "array", "items": "long"}},
              {"name": "ext", "type": {"type": "map", "values": "string"}}]}
            """);
    private static final Schema SEAT =
            RESPONSE.getField("seatbid").schema().getTypes().get(1).getElementType();
    private static final Schema BID =
            SEAT.getField("bid").schema().getElementType().getTypes().get(1);

    @TempDir
    private Path folder;

    @Test
    void randomRecordsSplitAsAvroReadsThem() throws IOException {
        int seed = new Random().nextInt();
        Random random = new Random(seed);
        ElementReader reader = reader("seatbid.bid", "seatbid.bid.id", "id", "seatbid.seat", "other[1]");
        for (int i = 0; i < 500; i++) {
            GenericRecord record = record("r" + i);
            List<GenericRecord> seats = new ArrayList<>();
            List<GenericRecord> expected = new ArrayList<>();
            for (int s = random.nextInt(4); s > 0; s--) {
                GenericRecord seat = seat("s" + s);
                List<GenericRecord> bids = new ArrayList<>();
                for (int b = random.nextInt(4); b > 0; b--) {
                    GenericRecord bid = bid("b" + s + b);
                    bids.add(bid);
                    GenericRecord own = seat("s" + s);
                    own.put("bid", List.of(bid));
                    GenericRecord alone = record("r" + i);
                    alone.put("seatbid", List.of(own));
                    expected.add(alone);
                }
                seat.put("bid", bids);
                seats.add(seat);
            }
            record.put("seatbid", seats);
            byte[] raw = encode(record, random.nextBoolean());

            List<PayloadElement> split = reader.read(raw, PLENTY);

            List<Object> read = new ArrayList<>();
            for (PayloadElement element : split) {
                read.add(new GenericDatumReader<>(RESPONSE)
                        .read(null, DecoderFactory.get().binaryDecoder(bytes(element), null)));
                assertThat(element.fields().value(1)).isEqualTo("r" + i);
                assertThat(element.fields().value(2).toString())
                        .isEqualTo("s" + element.fields().value(0).toString().charAt(1));
                assertThat(element.fields().value(3)).isEqualTo(7L);
            }
            assertThat(read.toString()).as("seed %d", seed).isEqualTo(expected.toString());
            assertThat(read).as("seed %d", seed).hasSameSizeAs(expected);
        }
    }

    @Test
    void theHeadStaysAndTheDecoderReadsTheElement() throws IOException {
        GenericRecord record = record("r");
        GenericRecord seat = seat("A");
        seat.put("bid", List.of(bid("b1"), bid("b2")));
        record.put("seatbid", List.of(seat));
        ByteBuffer raw = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), RESPONSE).encode(record);
        byte[] bytes = Arrays.copyOfRange(raw.array(), raw.arrayOffset(), raw.arrayOffset() + raw.remaining());
        PayloadFormat format = new PayloadFormat.AvroSingleObject(List.of(schemaFile()));

        List<PayloadElement> split = ElementReader.of(
                        format, FieldPath.parse("seatbid.bid"), List.of(FieldPath.parse("seatbid.bid.id")))
                .read(bytes, PLENTY);

        assertThat(split).extracting(e -> e.fields().value(0)).containsExactly("b1", "b2");
        PayloadElement second = split.get(1);
        assertThat(second.fields().encoding()).isEqualTo(PayloadEncoding.AVRO_SINGLE_OBJECT);
        assertThat(bytes(second)).startsWith(Arrays.copyOf(bytes, 10));
        Payload payload = PayloadDecoder.of(Streams.splitBy("seatbid.bid", format))
                .decode(second.fields().encoding(), second.fields().schemaId(), second.payload());
        assertThat(payload.value(FieldPath.parse("seatbid.bid.id"))).isEqualTo("b2");
        assertThat(payload.value(FieldPath.parse("seatbid.bid.price"))).isEqualTo(1.5);
        assertThat(payload.value(FieldPath.parse("seatbid.seat"))).isEqualTo("A");
    }

    @Test
    void aSingleElementLeavesTheRecordAsItIs() throws IOException {
        GenericRecord record = record("r");
        GenericRecord seat = seat("A");
        seat.put("bid", List.of(bid("b1")));
        record.put("seatbid", List.of(seat));
        byte[] raw = encode(record, true);
        assertThat(bytes(reader("seatbid.bid").read(raw, PLENTY).get(0))).isEqualTo(raw);
    }

    @Test
    void emptyArraysHaveNoElements() throws IOException {
        GenericRecord record = record("r");
        record.put("seatbid", List.of());
        assertThat(reader("seatbid.bid").read(encode(record, false), PLENTY)).isEmpty();
        record.put("seatbid", List.of(seat("A")));
        assertThat(reader("seatbid.bid").read(encode(record, false), PLENTY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "seatbid.bid, field seatbid is null",
        "nosuch, field nosuch is missing",
        "id, field id is no array",
        "ext.a, field ext is a map; for-each leads through records and arrays",
        "other.x, field other has an element that is no record"
    })
    void withoutItsArrayARecordIsRefused(String forEach, String problem) throws IOException {
        byte[] raw = encode(record("r"), false);
        assertThatThrownBy(() -> reader(forEach).read(raw, PLENTY))
                .hasMessage(problem + "; one event is made of each element of " + forEach)
                .extracting(e -> ((MalformedPayloadException) e).reason())
                .isEqualTo("no-elements");
    }

    @Test
    void brokenBytesAreMalformed() throws IOException {
        byte[] raw = encode(record("r"), false);
        for (int length = 0; length < raw.length; length++) {
            byte[] cut = Arrays.copyOf(raw, length);
            assertThatThrownBy(() -> reader("other").read(cut, PLENTY))
                    .isInstanceOf(MalformedPayloadException.class)
                    .extracting(e -> ((MalformedPayloadException) e).reason())
                    .isEqualTo("malformed");
        }
        assertThatThrownBy(() -> reader("other").read(Arrays.copyOf(raw, raw.length + 1), PLENTY))
                .hasMessageContaining("left over");
    }

    private ElementReader reader(String forEach, String... paths) throws IOException {
        return ElementReader.of(
                new PayloadFormat.Avro(schemaFile()),
                FieldPath.parse(forEach),
                Stream.of(paths).map(FieldPath::parse).toList());
    }

    private Path schemaFile() throws IOException {
        return Files.writeString(folder.resolve("response.avsc"), RESPONSE.toString());
    }

    private static GenericRecord record(String id) {
        GenericRecord record = new GenericData.Record(RESPONSE);
        record.put("id", id);
        record.put("other", List.of(6L, 7L));
        record.put("ext", java.util.Map.of("a", "b"));
        return record;
    }

    private static GenericRecord seat(String name) {
        GenericRecord seat = new GenericData.Record(SEAT);
        seat.put("seat", name);
        seat.put("bid", List.of());
        return seat;
    }

    private static GenericRecord bid(String id) {
        GenericRecord bid = new GenericData.Record(BID);
        bid.put("id", id);
        bid.put("price", 1.5);
        return bid;
    }

    /**
     * @param blocks whether arrays are written in blocks with their sizes
     */
    private static byte[] encode(GenericRecord record, boolean blocks) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = blocks
                ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null)
                : EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static byte[] bytes(PayloadElement element) {
        byte[] bytes = new byte[element.payload().remaining()];
        element.payload().duplicate().get(bytes);
        return bytes;
    }
}
