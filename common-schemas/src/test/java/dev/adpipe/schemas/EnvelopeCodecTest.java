package dev.adpipe.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Our codec against Avro's own, in both directions. */
class EnvelopeCodecTest {
    private static final int EACH = 200;

    private RandomEnvelopes random;

    @BeforeEach
    void seed(TestInfo test) {
        long seed = new Random().nextLong();
        System.out.println(test.getDisplayName() + " seed " + seed);
        random = new RandomEnvelopes(seed);
    }

    @Test
    void shuffledEventsAreWhatAvroReadsAndWrites() throws IOException {
        for (int i = 0; i < EACH; i++) {
            ShuffledEvent event = random.shuffled();
            byte[] ours = EnvelopeCodec.encode(event);
            GenericRecord record = AvroEnvelopes.record(event);
            assertThat(ours).isEqualTo(avro(EnvelopeCodec.SHUFFLED_EVENT, record));
            assertThat(read(EnvelopeCodec.SHUFFLED_EVENT, ours)).isEqualTo(record);
            assertThat(EnvelopeCodec.decodeShuffled(ours)).isEqualTo(event);
            assertThat(EnvelopeCodec.isTick(ours)).isFalse();
        }
    }

    @Test
    void ticksAreWhatAvroReadsAndWrites() throws IOException {
        for (int i = 0; i < EACH; i++) {
            ProgressTick tick = random.tick();
            byte[] ours = EnvelopeCodec.encode(tick);
            GenericRecord record = AvroEnvelopes.record(tick);
            assertThat(ours).isEqualTo(avro(EnvelopeCodec.PROGRESS_TICK, record));
            assertThat(read(EnvelopeCodec.PROGRESS_TICK, ours)).isEqualTo(record);
            assertThat(EnvelopeCodec.decodeTick(ours)).isEqualTo(tick);
            assertThat(EnvelopeCodec.decodeTick(blocked(EnvelopeCodec.PROGRESS_TICK, record)))
                    .isEqualTo(tick);
            assertThat(EnvelopeCodec.isTick(ours)).isTrue();
        }
    }

    @Test
    void joinedEventsAreWhatAvroReadsAndWrites() throws IOException {
        for (int i = 0; i < EACH; i++) {
            JoinedEvent event = random.joined();
            byte[] ours = EnvelopeCodec.encode(event);
            GenericRecord record = AvroEnvelopes.record(event);
            assertThat(ours).isEqualTo(avro(EnvelopeCodec.JOINED_EVENT, record));
            assertThat(read(EnvelopeCodec.JOINED_EVENT, ours)).isEqualTo(record);
            assertThat(EnvelopeCodec.decodeJoined(ours)).isEqualTo(event);
            assertThat(EnvelopeCodec.decodeJoined(blocked(EnvelopeCodec.JOINED_EVENT, record)))
                    .isEqualTo(event);
            assertThat(EnvelopeCodec.isTick(ours)).isFalse();
        }
    }

    @Test
    void encodingLeavesThePayloadBufferAsItWas() {
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}, 1, 3).asReadOnlyBuffer();
        byte[] bytes = EnvelopeCodec.encode(new ShuffledEvent("s", "e", 1, PayloadEncoding.JSON, 0, payload));
        assertThat(payload.position()).isEqualTo(1);
        assertThat(payload.remaining()).isEqualTo(3);
        assertThat(EnvelopeCodec.decodeShuffled(bytes).payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void payloadsAreSlicesNotCopies() {
        byte[] shuffled = EnvelopeCodec.encode(random.shuffled());
        ByteBuffer payload = EnvelopeCodec.decodeShuffled(shuffled).payload();
        assertThat(payload.array()).isSameAs(shuffled);
        assertThat(payload.arrayOffset()).isEqualTo(shuffled.length - payload.remaining());
        assertThat(payload.position()).isZero();
        assertThat(payload.limit()).isEqualTo(payload.capacity());

        byte[] joined = EnvelopeCodec.encode(random.joined());
        assertThat(EnvelopeCodec.decodeJoined(joined).events())
                .allSatisfy(part -> assertThat(part.payload().array()).isSameAs(joined));
    }

    @Test
    void whateverIsCutOffIsMissed() {
        cutOff(EnvelopeCodec.encode(random.shuffled()), EnvelopeCodec::decodeShuffled);
        cutOff(EnvelopeCodec.encode(random.tick()), EnvelopeCodec::decodeTick);
        cutOff(EnvelopeCodec.encode(random.joined()), EnvelopeCodec::decodeJoined);
    }

    @Test
    void whateverIsLeftOverIsSeen() {
        byte[] bytes = EnvelopeCodec.encode(random.shuffled());
        assertThatThrownBy(() -> EnvelopeCodec.decodeShuffled(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(MalformedEnvelopeException.class)
                .hasMessageContaining("1 bytes left over");
    }

    @Test
    void anotherEnvelopeOrNoneIsRefused() {
        byte[] tick = EnvelopeCodec.encode(random.tick());
        assertThatThrownBy(() -> EnvelopeCodec.decodeShuffled(tick))
                .isInstanceOf(MalformedEnvelopeException.class)
                .hasMessageContaining("not a dev.adpipe.ShuffledEvent");
        assertThatThrownBy(() -> EnvelopeCodec.decodeJoined(null)).isInstanceOf(MalformedEnvelopeException.class);
        assertThat(EnvelopeCodec.isTick(null)).isFalse();
        assertThat(EnvelopeCodec.isTick(new byte[0])).isFalse();
    }

    /** Behind an intact header anything may follow: it is decoded or refused, and nothing else happens. */
    @RepeatedTest(3)
    void garbageIsMalformed() {
        for (int i = 0; i < EACH * 20; i++) {
            damaged(EnvelopeCodec.encode(random.shuffled()), EnvelopeCodec::decodeShuffled);
            damaged(EnvelopeCodec.encode(random.tick()), EnvelopeCodec::decodeTick);
            damaged(EnvelopeCodec.encode(random.joined()), EnvelopeCodec::decodeJoined);
        }
    }

    /** Symbols and branches that the schema does not have. */
    @Test
    void valuesOutsideTheSchemaAreMalformed() {
        RawPartition partition = new RawPartition("t", 0, 1, OptionalLong.empty(), 0, false);
        byte[] tick = EnvelopeCodec.encode(new ProgressTick("c", 0, List.of(partition)));
        // the partition ends: branch, millis, idle, end of the array
        refused(Arrays.copyOf(tick, tick.length + 1), tick.length - 4, 4, EnvelopeCodec::decodeTick);
        refused(tick, tick.length - 4, 1, EnvelopeCodec::decodeTick);
        refused(tick, tick.length - 2, 2, EnvelopeCodec::decodeTick);
        byte[] event =
                EnvelopeCodec.encode(new ShuffledEvent("s", "e", 0, PayloadEncoding.JSON, 0, ByteBuffer.allocate(0)));
        // the event ends: encoding, schema id, length of the payload
        refused(event, event.length - 3, 8, EnvelopeCodec::decodeShuffled);
        refused(event, event.length - 3, 1, EnvelopeCodec::decodeShuffled);
        refused(event, event.length - 1, 1, EnvelopeCodec::decodeShuffled);
    }

    /** A parent that comes later would make a chain that never ends. */
    @Test
    void anEventOfAJoinedRecordComesAfterItsParent() {
        byte[] joined = EnvelopeCodec.encode(new JoinedEvent("k", List.of(part("a", -1, 1), part("b", 0, 1))));
        // the second event ends: length of the payload, parent, ordinal, end of the array
        refused(joined, joined.length - 3, 2, EnvelopeCodec::decodeJoined);
        refused(joined, joined.length - 3, 3, EnvelopeCodec::decodeJoined);
        refused(joined, joined.length - 2, 1, EnvelopeCodec::decodeJoined);
        assertThatThrownBy(() -> new JoinedEvent("k", List.of(part("a", 0, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("event 0 of a joined record has parent 0");
    }

    @Test
    void chainsOfAJoinedRecord() {
        JoinedEvent joined = new JoinedEvent(
                "k",
                List.of(part("a", -1, 0), part("b", 0, 2), part("c", 1, 1), part("c", 0, 2), part("orphan", -1, 1)));
        assertThat(joined.count()).isEqualTo(4);
        assertThat(joined.chain(2)).containsExactly(0, 1, 2);
        assertThat(joined.chain(3)).containsExactly(0, 3);
        assertThat(joined.chain(4)).containsExactly(4);
    }

    private static JoinedEvent.Part part(String stream, int parent, int ordinal) {
        return new JoinedEvent.Part(stream, "id", 0, PayloadEncoding.JSON, 0, ByteBuffer.allocate(0), parent, ordinal);
    }

    private static void refused(byte[] envelope, int at, int value, Function<byte[], Object> decode) {
        byte[] bytes = envelope.clone();
        bytes[at] = (byte) value;
        assertThatThrownBy(() -> decode.apply(bytes)).isInstanceOf(MalformedEnvelopeException.class);
    }

    private static void cutOff(byte[] envelope, Function<byte[], Object> decode) {
        for (int length = 0; length < envelope.length; length++) {
            byte[] bytes = Arrays.copyOf(envelope, length);
            assertThatThrownBy(() -> decode.apply(bytes)).isInstanceOf(MalformedEnvelopeException.class);
        }
    }

    private void damaged(byte[] envelope, Function<byte[], Object> decode) {
        random.damage(envelope, 10);
        try {
            assertThat(decode.apply(envelope)).isNotNull();
        } catch (MalformedEnvelopeException e) {
            assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException e) {
            fail("damaged bytes " + Arrays.toString(envelope), e);
        }
    }

    private static GenericRecord read(Schema schema, byte[] bytes) throws IOException {
        return new BinaryMessageDecoder<GenericRecord>(GenericData.get(), schema).decode(bytes);
    }

    private static byte[] avro(Schema schema, GenericRecord record) throws IOException {
        ByteBuffer buffer = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(record);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** With arrays in blocks that begin with a negative count and their size, as other writers may do it. */
    private static byte[] blocked(Schema schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(avro(schema, record), 0, 10);
        BinaryEncoder encoder = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
