package dev.adpipe.runtime.state;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Bytes of changelog records. Key: 0 for the task's own record, 1 and the key otherwise. Value: version, kind, then
 * varints and length-prefixed bytes. Stateless.
 */
final class ChangelogCodec {
    private static final int VERSION = 1;
    private static final int FULL = 1;
    private static final int DELTA = 2;
    private static final int CLOSE = 3;
    private static final int TASK = 4;

    private static final byte TASK_PREFIX = 0;
    private static final byte KEY_PREFIX = 1;

    private ChangelogCodec() {}

    static ChangelogRecord encode(byte[] key, EntriesChange change, long size) {
        ByteWriter out = start((int) Math.min(size, 1 << 30) + 64, change.full() ? FULL : DELTA)
                .number(change.birth())
                .number(change.deadline())
                .number(change.due())
                .number(change.sets().size());
        change.sets().forEach(set -> out.bytes(set.getKey()).bytes(set.getValue()));
        out.number(change.removals().size());
        change.removals().forEach(out::bytes);
        return new ChangelogRecord(prefixed(key), out.toByteArray());
    }

    static ChangelogRecord encodeClose(byte[] key, long birth) {
        return new ChangelogRecord(prefixed(key), start(16, CLOSE).number(birth).toByteArray());
    }

    static ChangelogRecord encodeTask(TaskRecord task) {
        ByteWriter out = start(64 + task.bytes().map(b -> b.length).orElse(0), TASK);
        task.encode(out);
        return new ChangelogRecord(new byte[] {TASK_PREFIX}, out.toByteArray());
    }

    /** The task's key, of a record that is not the task's own. */
    static byte[] keyOf(byte[] recordKey) {
        if (recordKey == null || recordKey.length == 0 || recordKey[0] != KEY_PREFIX) {
            throw new MalformedBytesException("its key does not begin with " + KEY_PREFIX);
        }
        return Arrays.copyOfRange(recordKey, 1, recordKey.length);
    }

    static ChangelogChange decode(byte[] recordKey, byte[] value) {
        if (value == null) {
            throw new MalformedBytesException("it has no value");
        }
        ByteReader in = new ByteReader(value);
        int version = in.octet();
        if (version != VERSION) {
            throw new MalformedBytesException("its version is " + version + ", known is " + VERSION);
        }
        int kind = in.octet();
        boolean tasks = recordKey != null && recordKey.length == 1 && recordKey[0] == TASK_PREFIX;
        if (tasks != (kind == TASK)) {
            throw new MalformedBytesException("its kind " + kind + " does not fit its key");
        }
        ChangelogChange change = switch (kind) {
            case FULL, DELTA -> entries(kind == FULL, in);
            case CLOSE -> new ChangelogChange.Close(in.number());
            case TASK -> new ChangelogChange.Task(TaskRecord.decode(in));
            default -> throw new MalformedBytesException("its kind " + kind + " is unknown");
        };
        in.expectEnd();
        return change;
    }

    private static EntriesChange entries(boolean full, ByteReader in) {
        long birth = in.number();
        long deadline = in.number();
        long due = in.number();
        List<Map.Entry<byte[], byte[]>> sets = new ArrayList<>();
        int setCount = in.count();
        for (int i = 0; i < setCount; i++) {
            sets.add(new SimpleImmutableEntry<>(in.bytes(), in.bytes()));
        }
        List<byte[]> removals = new ArrayList<>();
        int removalCount = in.count();
        for (int i = 0; i < removalCount; i++) {
            removals.add(in.bytes());
        }
        return new EntriesChange(full, birth, deadline, due, sets, removals);
    }

    private static ByteWriter start(int expectedSize, int kind) {
        return new ByteWriter(expectedSize).octet(VERSION).octet(kind);
    }

    private static byte[] prefixed(byte[] key) {
        byte[] prefixed = new byte[key.length + 1];
        prefixed[0] = KEY_PREFIX;
        System.arraycopy(key, 0, prefixed, 1, key.length);
        return prefixed;
    }
}
