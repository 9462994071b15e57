package dev.adpipe.runtime.state;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A key at its place in an order: by time or offset first, then by the key's unsigned bytes. The encoded form sorts the
 * same way.
 */
record OrderedKey(long order, byte[] key) implements Comparable<OrderedKey> {

    byte[] encode() {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(order ^ Long.MIN_VALUE)
                .put(key)
                .array();
    }

    static OrderedKey decode(byte[] bytes) {
        if (bytes.length < Long.BYTES) {
            throw new MalformedBytesException("an index entry has " + bytes.length + " bytes, at least 8 are needed");
        }
        return new OrderedKey(
                ByteBuffer.wrap(bytes).getLong() ^ Long.MIN_VALUE, Arrays.copyOfRange(bytes, Long.BYTES, bytes.length));
    }

    @Override
    public int compareTo(OrderedKey other) {
        int byOrder = Long.compare(order, other.order);
        return byOrder != 0 ? byOrder : Arrays.compareUnsigned(key, other.key);
    }

    boolean atOrBefore(OrderedKey other) {
        return compareTo(other) <= 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OrderedKey that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(order) + Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "(" + order + ", " + Printable.text(key) + ")";
    }
}
