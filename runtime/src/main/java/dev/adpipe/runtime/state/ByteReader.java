package dev.adpipe.runtime.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote; anything else is a {@link MalformedBytesException}. */
final class ByteReader {
    private final byte[] buffer;
    private int at;

    ByteReader(byte[] buffer) {
        this.buffer = buffer;
    }

    int octet() {
        if (at == buffer.length) {
            throw cut();
        }
        return buffer[at++];
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedBytesException("a number at byte " + at + " of " + buffer.length + " does not end");
    }

    /** A number of things that take at least one byte each. */
    int count() {
        long count = number();
        if (count < 0 || count > buffer.length - at) {
            throw new MalformedBytesException(
                    "a length of " + count + " at byte " + at + " of " + buffer.length + " is impossible");
        }
        return (int) count;
    }

    byte[] bytes() {
        int length = count();
        at += length;
        return Arrays.copyOfRange(buffer, at - length, at);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    void expectEnd() {
        if (at != buffer.length) {
            throw new MalformedBytesException((buffer.length - at) + " bytes are left over of " + buffer.length);
        }
    }

    private MalformedBytesException cut() {
        return new MalformedBytesException("cut off after " + buffer.length + " bytes");
    }
}
