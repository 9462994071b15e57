package dev.adpipe.join;

import dev.adpipe.join.Event.Status;
import dev.adpipe.schemas.PayloadEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events as state entries. Name: the stream's code, the event id in UTF-8. Value:
 *
 * <pre>
 * 1  kind
 * 8  event time
 *    and if the payload is needed still:
 * 1  its encoding
 * 8  its schema id
 * 4  its ordinal, 0 if it is not emitted
 * 4  length of the name of the parent's entry, -1 for none
 *    the parent's name
 *    the payload
 * </pre>
 */
final class EventEntries {
    private static final byte HELD = 'h';
    private static final byte EMITTED = 'e';
    private static final byte UNWRITTEN = 'w';
    private static final byte UNMATCHED = 'u';
    private static final int NO_PARENT = -1;
    private static final int FIXED = 26;

    private final byte[] codeByIndex;
    private final int[] indexByCode;

    EventEntries(Funnel funnel, StreamCodes codes) {
        codeByIndex = new byte[funnel.size()];
        indexByCode = new int[StreamCodes.LIMIT];
        Arrays.fill(indexByCode, -1);
        for (int stream = 0; stream < codeByIndex.length; stream++) {
            int code = codes.code(funnel.name(stream));
            codeByIndex[stream] = (byte) code;
            indexByCode[code] = stream;
        }
    }

    static boolean isEvent(byte[] name) {
        return (name[0] & 0xFF) < StreamCodes.LIMIT;
    }

    byte[] name(Event event) {
        byte[] id = event.id().getBytes(StandardCharsets.UTF_8);
        byte[] name = new byte[1 + id.length];
        name[0] = codeByIndex[event.stream()];
        System.arraycopy(id, 0, name, 1, id.length);
        return name;
    }

    byte[] value(Event event) {
        byte kind = kind(event);
        if (event.payload() == null) {
            return ByteBuffer.allocate(9).put(kind).putLong(event.time()).array();
        }
        byte[] parent = event.parent() == null ? new byte[0] : name(event.parent());
        ByteBuffer value =
                ByteBuffer.allocate(FIXED + parent.length + event.payload().remaining());
        value.put(kind).putLong(event.time()).put(symbol(event.encoding())).putLong(event.schemaId());
        value.putInt(event.ordinal());
        value.putInt(event.parent() == null ? NO_PARENT : parent.length).put(parent);
        return value.put(event.payload().duplicate()).array();
    }

    /** The event without its parent; the payload is a slice of the value. */
    Event read(byte[] name, byte[] value) {
        int stream = stream(name);
        String id = id(name);
        ByteBuffer in = ByteBuffer.wrap(value);
        byte kind = in.get();
        long time = in.getLong();
        Event event;
        if (in.hasRemaining()) {
            PayloadEncoding encoding = encoding(in.get());
            long schemaId = in.getLong();
            int ordinal = in.getInt();
            in.position(in.position() + 4 + Math.max(0, in.getInt(in.position())));
            event = new Event(stream, id, time, encoding, schemaId, in.slice());
            event.setOrdinal(ordinal);
        } else {
            event = new Event(stream, id, time, PayloadEncoding.JSON, 0, null);
        }
        event.setStatus(status(kind));
        event.setUnwritten(kind == UNWRITTEN);
        return event;
    }

    int stream(byte[] name) {
        int code = name[0] & 0xFF;
        int stream = indexByCode[code];
        if (stream < 0) {
            throw new IllegalStateException(
                    "state entry of stream code " + code + ", which no stream of the definition has");
        }
        return stream;
    }

    static String id(byte[] name) {
        return new String(name, 1, name.length - 1, StandardCharsets.UTF_8);
    }

    /** Name of the parent's entry; null if there is none. */
    static byte[] parentName(byte[] value) {
        if (value.length < FIXED) {
            return null;
        }
        int length = ByteBuffer.wrap(value).getInt(FIXED - 4);
        return length == NO_PARENT ? null : Arrays.copyOfRange(value, FIXED, FIXED + length);
    }

    private static byte kind(Event event) {
        return switch (event.status()) {
            case HELD -> HELD;
            case EMITTED -> event.unwritten() ? UNWRITTEN : EMITTED;
            case UNMATCHED -> UNMATCHED;
        };
    }

    private static Status status(byte kind) {
        return switch (kind) {
            case HELD -> Status.HELD;
            case EMITTED, UNWRITTEN -> Status.EMITTED;
            case UNMATCHED -> Status.UNMATCHED;
            default -> throw new IllegalStateException("state entry of unknown kind " + kind);
        };
    }

    private static byte symbol(PayloadEncoding encoding) {
        return switch (encoding) {
            case JSON -> 0;
            case AVRO -> 1;
            case AVRO_SINGLE_OBJECT -> 2;
            case CONFLUENT_AVRO -> 3;
        };
    }

    private static PayloadEncoding encoding(byte symbol) {
        return switch (symbol) {
            case 0 -> PayloadEncoding.JSON;
            case 1 -> PayloadEncoding.AVRO;
            case 2 -> PayloadEncoding.AVRO_SINGLE_OBJECT;
            case 3 -> PayloadEncoding.CONFLUENT_AVRO;
            default -> throw new IllegalStateException("state entry with unknown payload encoding " + symbol);
        };
    }
}
