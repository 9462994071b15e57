package dev.adpipe.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes Avro binary into a growing array, payloads copied once. Counterpart of {@link EnvelopeReader}. */
final class EnvelopeWriter {
    private byte[] bytes;
    private int at;

    EnvelopeWriter(int capacity) {
        bytes = new byte[capacity];
    }

    EnvelopeWriter raw(byte[] source) {
        ensure(source.length);
        System.arraycopy(source, 0, bytes, at, source.length);
        at += source.length;
        return this;
    }

    EnvelopeWriter number(long value) {
        ensure(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return this;
    }

    EnvelopeWriter flag(boolean value) {
        ensure(1);
        bytes[at++] = (byte) (value ? 1 : 0);
        return this;
    }

    EnvelopeWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return number(utf8.length).raw(utf8);
    }

    EnvelopeWriter bytes(ByteBuffer value) {
        int length = value.remaining();
        number(length);
        ensure(length);
        value.duplicate().get(bytes, at, length);
        at += length;
        return this;
    }

    byte[] toByteArray() {
        return at == bytes.length ? bytes : Arrays.copyOf(bytes, at);
    }

    private void ensure(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(at + more, bytes.length * 2));
        }
    }
}
