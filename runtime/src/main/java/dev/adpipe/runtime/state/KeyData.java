package dev.adpipe.runtime.state;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** All that is known of one live key, as the local store keeps it in one value. */
final class KeyData {
    /** Deadline and due of a newborn key, which the task has to set. */
    static final long UNSET = Long.MIN_VALUE;

    final byte[] key;
    final long birth;
    long deadline;
    long due;
    /** Offset in the changelog from which on it holds this key completely. */
    long completeFrom;

    final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    private KeyData(byte[] key, long birth, long deadline, long due, long completeFrom) {
        this.key = key;
        this.birth = birth;
        this.deadline = deadline;
        this.due = due;
        this.completeFrom = completeFrom;
    }

    static KeyData born(byte[] key, long birth) {
        return new KeyData(key, birth, UNSET, UNSET, -1);
    }

    static KeyData of(byte[] key, EntriesChange full, long offset) {
        return new KeyData(key, full.birth(), full.deadline(), full.due(), offset).apply(full);
    }

    static KeyData decode(byte[] key, byte[] value) {
        ByteReader in = new ByteReader(value);
        KeyData data = new KeyData(key, in.number(), in.number(), in.number(), in.number());
        int count = in.count();
        for (int i = 0; i < count; i++) {
            data.entries.put(in.bytes(), in.bytes());
        }
        in.expectEnd();
        return data;
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(48 + (int) Math.min(entriesSize() + 8L * entries.size(), 1 << 30))
                .number(birth)
                .number(deadline)
                .number(due)
                .number(completeFrom)
                .number(entries.size());
        for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            out.bytes(entry.getKey()).bytes(entry.getValue());
        }
        return out.toByteArray();
    }

    KeyData apply(EntriesChange change) {
        deadline = change.deadline();
        due = change.due();
        change.sets().forEach(set -> entries.put(set.getKey(), set.getValue()));
        change.removals().forEach(entries::remove);
        return this;
    }

    long entriesSize() {
        long size = 0;
        for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            size += entry.getKey().length + entry.getValue().length;
        }
        return size;
    }

    /** What has to be known of the committed form of a key when it is replaced. */
    Header header(int size) {
        return new Header(birth, deadline, due, completeFrom, size);
    }

    /**
     * @param size of the stored value
     */
    record Header(long birth, long deadline, long due, long completeFrom, int size) {}
}
