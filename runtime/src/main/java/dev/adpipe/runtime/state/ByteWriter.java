package dev.adpipe.runtime.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of bytes; numbers are zigzag varints, bytes and texts carry their length before them. */
final class ByteWriter {
    private byte[] buffer;
    private int size;

    ByteWriter(int expectedSize) {
        buffer = new byte[Math.max(16, expectedSize)];
    }

    ByteWriter octet(int value) {
        room(1);
        buffer[size++] = (byte) value;
        return this;
    }

    ByteWriter number(long value) {
        room(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
        return this;
    }

    ByteWriter bytes(byte[] value) {
        number(value.length);
        room(value.length);
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
        return this;
    }

    ByteWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    byte[] toByteArray() {
        return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
    }

    private void room(int more) {
        if (buffer.length - size < more) {
            buffer = Arrays.copyOf(
                    buffer, Math.max(Math.addExact(size, more), (int) Math.min(buffer.length * 2L, 1 << 30)));
        }
    }
}
