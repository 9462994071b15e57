package dev.adpipe.runtime.state;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The records of one transaction, in the order they are to be written. */
final class ChangelogWriter {
    /** A key with more bytes goes into several records, well below the megabyte that brokers take by default. */
    static final int SPLIT_BYTES = 256 * 1024;

    private final List<ChangelogRecord> records = new ArrayList<>();

    List<ChangelogRecord> records() {
        return records;
    }

    /**
     * Writes all entries of a key.
     *
     * @return index of the record from which on the key is complete
     */
    int full(KeyData data) {
        int first = records.size();
        entries(true, data, data.entries.keySet());
        return first;
    }

    /** Writes the named entries of a key, a name without an entry as a removal. */
    void delta(KeyData data, Iterable<byte[]> names) {
        entries(false, data, names);
    }

    void close(byte[] key, long birth) {
        records.add(ChangelogCodec.encodeClose(key, birth));
    }

    /**
     * @return index of the record
     */
    int task(TaskRecord task) {
        records.add(ChangelogCodec.encodeTask(task));
        return records.size() - 1;
    }

    private void entries(boolean full, KeyData data, Iterable<byte[]> names) {
        boolean replaces = full;
        List<Map.Entry<byte[], byte[]>> sets = new ArrayList<>();
        List<byte[]> removals = new ArrayList<>();
        long size = 0;
        for (byte[] name : names) {
            byte[] value = data.entries.get(name);
            int more = name.length + (value == null ? 0 : value.length) + 8;
            if (size > 0 && size + more > SPLIT_BYTES) {
                add(replaces, data, sets, removals, size);
                replaces = false;
                sets = new ArrayList<>();
                removals = new ArrayList<>();
                size = 0;
            }
            if (value == null) {
                removals.add(name);
            } else {
                sets.add(new SimpleImmutableEntry<>(name, value));
            }
            size += more;
        }
        add(replaces, data, sets, removals, size);
    }

    private void add(
            boolean full, KeyData data, List<Map.Entry<byte[], byte[]>> sets, List<byte[]> removals, long size) {
        EntriesChange change = new EntriesChange(full, data.birth, data.deadline, data.due, sets, removals);
        records.add(ChangelogCodec.encode(data.key, change, size));
    }
}
