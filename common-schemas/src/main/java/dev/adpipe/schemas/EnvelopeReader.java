package dev.adpipe.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * Reads Avro binary from an array without copying byte fields. Only what the envelopes need; {@link EnvelopeCodec}'s
 * tests hold it against Avro's own reader.
 */
final class EnvelopeReader {
    private final byte[] bytes;
    private int at;

    EnvelopeReader(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /** Avro's zig-zag variable-length number (specification 1.12, "Binary Encoding"). */
    long readLong() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedEnvelopeException("number of more than 10 bytes at byte " + at);
    }

    int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw new MalformedEnvelopeException("number " + value + " does not fit 32 bits at byte " + at);
        }
        return (int) value;
    }

    boolean readBoolean() {
        byte value = readByte();
        if (value != 0 && value != 1) {
            throw new MalformedEnvelopeException("boolean " + value + " is neither 0 nor 1 before byte " + at);
        }
        return value == 1;
    }

    /** A union of null and a long. */
    OptionalLong readOptionalLong() {
        long branch = readLong();
        if (branch != 0 && branch != 1) {
            throw new MalformedEnvelopeException("union branch " + branch + " is neither 0 nor 1 before byte " + at);
        }
        return branch == 0 ? OptionalLong.empty() : OptionalLong.of(readLong());
    }

    String readString() {
        int length = readLength();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** A slice of the array, not a copy. */
    ByteBuffer readBytes() {
        int length = readLength();
        ByteBuffer slice = ByteBuffer.wrap(bytes, at, length).slice();
        at += length;
        return slice;
    }

    void expectEnd() {
        if (at != bytes.length) {
            throw new MalformedEnvelopeException(bytes.length - at + " bytes left over at byte " + at);
        }
    }

    private int readLength() {
        long length = readLong();
        if (length < 0 || length > bytes.length - at) {
            throw new MalformedEnvelopeException(
                    "length " + length + " at byte " + at + ", but " + (bytes.length - at) + " bytes are left");
        }
        return (int) length;
    }

    private byte readByte() {
        if (at >= bytes.length) {
            throw new MalformedEnvelopeException("ends at byte " + at + " in the middle of a field");
        }
        return bytes[at++];
    }
}
