package dev.adpipe.schemas;

import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Bytes of our own topics: Avro single-object encoding (0xC3 0x01, the schema's CRC-64-AVRO fingerprint in little
 * endian, Avro binary), so that any Avro reader with the schemas of this module can read along.
 *
 * <p>Stateless; every method may be called by any thread. Decoding throws {@link MalformedEnvelopeException}.
 */
public final class EnvelopeCodec {
    public static final Schema SHUFFLED_EVENT = schema("shuffled-event.avsc");
    public static final Schema PROGRESS_TICK = schema("progress-tick.avsc");
    public static final Schema JOINED_EVENT = schema("joined-event.avsc");

    private static final int HEADER_LENGTH = 10;
    private static final byte[] SHUFFLED_HEADER = header(SHUFFLED_EVENT);
    private static final byte[] TICK_HEADER = header(PROGRESS_TICK);
    private static final byte[] JOINED_HEADER = header(JOINED_EVENT);

    private EnvelopeCodec() {}

    /** Makes this class ready, which takes a tenth of a second in a process just started. */
    public static void load() {}

    /** Ticks and events share {@code <p>.shuffled}; this tells them apart without decoding. */
    public static boolean isTick(byte[] bytes) {
        return startsWith(bytes, TICK_HEADER);
    }

    public static byte[] encode(ShuffledEvent event) {
        return new EnvelopeWriter(event.payload().remaining() + 96)
                .raw(SHUFFLED_HEADER)
                .text(event.stream())
                .text(event.eventId())
                .number(event.eventTime())
                .number(event.encoding().symbol())
                .number(event.schemaId())
                .bytes(event.payload())
                .toByteArray();
    }

    /** The payload of the result is a slice of {@code bytes}. */
    public static ShuffledEvent decodeShuffled(byte[] bytes) {
        EnvelopeReader in = open(bytes, SHUFFLED_HEADER, SHUFFLED_EVENT);
        ShuffledEvent event = new ShuffledEvent(
                in.readString(),
                in.readString(),
                in.readLong(),
                PayloadEncoding.ofSymbol(in.readInt()),
                in.readLong(),
                in.readBytes());
        in.expectEnd();
        return event;
    }

    public static byte[] encode(ProgressTick tick) {
        EnvelopeWriter out = new EnvelopeWriter(64 + 64 * tick.partitions().size())
                .raw(TICK_HEADER)
                .text(tick.container())
                .number(tick.clock());
        if (!tick.partitions().isEmpty()) {
            out.number(tick.partitions().size());
            for (RawPartition p : tick.partitions()) {
                out.text(p.topic()).number(p.partition()).number(p.partitionCount());
                if (p.highestEventTime().isPresent()) {
                    out.number(1).number(p.highestEventTime().getAsLong());
                } else {
                    out.number(0);
                }
                out.number(p.millisSinceLastRecord()).flag(p.idle());
            }
        }
        return out.number(0).toByteArray();
    }

    public static ProgressTick decodeTick(byte[] bytes) {
        EnvelopeReader in = open(bytes, TICK_HEADER, PROGRESS_TICK);
        String container = in.readString();
        long clock = in.readLong();
        List<RawPartition> partitions = new ArrayList<>();
        for (long block = blockLength(in); block != 0; block = blockLength(in)) {
            for (long i = 0; i < block; i++) {
                partitions.add(new RawPartition(
                        in.readString(),
                        in.readInt(),
                        in.readInt(),
                        in.readOptionalLong(),
                        in.readLong(),
                        in.readBoolean()));
            }
        }
        in.expectEnd();
        return new ProgressTick(container, clock, partitions);
    }

    public static byte[] encode(JoinedEvent event) {
        int size = 64 + event.joinKey().length();
        for (Part part : event.events()) {
            size += part.payload().remaining() + 96;
        }
        EnvelopeWriter out = new EnvelopeWriter(size)
                .raw(JOINED_HEADER)
                .text(event.joinKey())
                .number(event.events().size());
        for (Part part : event.events()) {
            out.text(part.stream())
                    .text(part.id())
                    .number(part.time())
                    .number(part.encoding().symbol())
                    .number(part.schemaId())
                    .bytes(part.payload())
                    .number(part.parent())
                    .number(part.ordinal());
        }
        return (event.events().isEmpty() ? out : out.number(0)).toByteArray();
    }

    /** The payloads of the result are slices of {@code bytes}. */
    public static JoinedEvent decodeJoined(byte[] bytes) {
        EnvelopeReader in = open(bytes, JOINED_HEADER, JOINED_EVENT);
        String joinKey = in.readString();
        List<Part> parts = new ArrayList<>();
        for (long block = blockLength(in); block != 0; block = blockLength(in)) {
            for (long i = 0; i < block; i++) {
                parts.add(new Part(
                        in.readString(),
                        in.readString(),
                        in.readLong(),
                        PayloadEncoding.ofSymbol(in.readInt()),
                        in.readLong(),
                        in.readBytes(),
                        in.readInt(),
                        in.readInt()));
            }
        }
        in.expectEnd();
        try {
            return new JoinedEvent(joinKey, parts);
        } catch (IllegalArgumentException e) {
            throw new MalformedEnvelopeException(e.getMessage());
        }
    }

    /** An array block's item count; a negative count is followed by the block's size in bytes (Avro specification). */
    private static long blockLength(EnvelopeReader in) {
        long count = in.readLong();
        if (count < 0) {
            in.readLong();
            return -count;
        }
        return count;
    }

    private static EnvelopeReader open(byte[] bytes, byte[] header, Schema schema) {
        if (!startsWith(bytes, header)) {
            throw new MalformedEnvelopeException("not a " + schema.getFullName()
                    + " in Avro single-object encoding: the first 10 bytes are not its marker and fingerprint");
        }
        return new EnvelopeReader(bytes, HEADER_LENGTH);
    }

    private static boolean startsWith(byte[] bytes, byte[] header) {
        return bytes != null
                && bytes.length >= HEADER_LENGTH
                && Arrays.equals(bytes, 0, HEADER_LENGTH, header, 0, HEADER_LENGTH);
    }

    private static byte[] header(Schema schema) {
        byte[] header = new byte[HEADER_LENGTH];
        header[0] = (byte) 0xC3;
        header[1] = 0x01;
        long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        for (int i = 0; i < 8; i++) {
            header[2 + i] = (byte) (fingerprint >>> (8 * i));
        }
        return header;
    }

    private static Schema schema(String resource) {
        try (InputStream in = EnvelopeCodec.class.getResourceAsStream("/dev/adpipe/schemas/" + resource)) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schema " + resource, e);
        }
    }
}
