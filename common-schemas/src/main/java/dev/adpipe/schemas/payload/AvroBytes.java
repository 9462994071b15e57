package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.MalformedPayloadException.malformed;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Avro binary, read from an array. Every length is held against the bytes that are left before anything is allocated for
 * it, so a payload costs no more memory than its own size warrants; Avro's decoder believes a length up to 2 GB.
 */
final class AvroBytes {
    // Items of a collection may take no bytes at all (null, an empty record); so many of them are enough for anybody.
    private static final int FREE_ITEMS = 10_000;

    /** Begins an array whose next block has one item; and after its last block. */
    static final byte ONE_ITEM = 2;

    static final byte NO_MORE_ITEMS = 0;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private long itemsLeft;

    /** From {@code skip} bytes after the buffer's position to its limit. */
    AvroBytes(ByteBuffer buffer, int skip) {
        if (buffer.hasArray()) {
            bytes = buffer.array();
            start = buffer.arrayOffset() + buffer.position();
        } else {
            bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            start = 0;
        }
        end = start + buffer.remaining();
        at = start + skip;
        itemsLeft = (long) buffer.remaining() + FREE_ITEMS;
    }

    /** Bytes from the buffer's position to where the reading has come. */
    int position() {
        return at - start;
    }

    boolean readBoolean() {
        byte value = bytes[advance(1)];
        if (value != 0 && value != 1) {
            throw malformed("a boolean is 0 or 1, not " + value + where());
        }
        return value == 1;
    }

    int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("the number " + value + " does not fit an int of 32 bits" + where());
        }
        return (int) value;
    }

    /** A zig-zag variable-length number (Avro specification 1.12, "Binary Encoding"). */
    long readLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[advance(1)];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw malformed("a number has more than 10 bytes" + where());
    }

    float readFloat() {
        return Float.intBitsToFloat((int) littleEndian(4));
    }

    double readDouble() {
        return Double.longBitsToDouble(littleEndian(8));
    }

    String readString() {
        int length = readLength();
        int from = advance(length);
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        // The replacement character stands for broken bytes unless it was sent as such.
        if (text.indexOf('\uFFFD') >= 0
                && !Arrays.equals(
                        text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, from, from + length))) {
            throw malformed("a string is not UTF-8, it ends" + where());
        }
        return text;
    }

    byte[] readBytes() {
        return readFixed(readLength());
    }

    byte[] readFixed(int length) {
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    void skipBytes() {
        advance(readLength());
    }

    void skip(int length) {
        advance(length);
    }

    /** Items in the next block of an array or a map; 0 after the last block. */
    long readBlockCount() {
        long count = readLong();
        if (count < 0) {
            // A negative count is followed by the block's size in bytes, for those who skip without reading.
            readLong();
            count = -count;
        }
        if (count < 0 || count > itemsLeft) {
            throw malformed("an array or map claims " + Long.toUnsignedString(count) + " items, more than its "
                    + (end - start) + " bytes can hold" + where());
        }
        itemsLeft -= count;
        return count;
    }

    void expectEnd() {
        if (at != end) {
            throw malformed(
                    "not of this Avro schema: " + (end - at) + " bytes are left over after the record" + where());
        }
    }

    /** For messages: how far the reading has come. */
    String where() {
        return ", at byte " + (at - start);
    }

    private int readLength() {
        long length = readLong();
        if (length < 0 || length > end - at) {
            throw malformed("not of this Avro schema: a length of " + length + ", but " + (end - at) + " bytes are left"
                    + where());
        }
        return (int) length;
    }

    private long littleEndian(int length) {
        int from = advance(length);
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[from + i] & 0xFFL);
        }
        return value;
    }

    private int advance(int length) {
        if (length > end - at) {
            throw malformed("not of this Avro schema: the bytes end in the middle of a field" + where());
        }
        int from = at;
        at += length;
        return from;
    }
}
