package dev.adpipe.runtime.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * Applies changelog records to a store, in batches. A task's cursor kills only when a batch is written: until then keys that
 * it covers are merely still there, since no record after it can speak of them except a later birth.
 *
 * <p>Records are collected first, so that the store is asked once for all keys of a batch: most are new to it, and asking
 * for each alone took most of the time of a long restore. A store that was empty is not asked for the keys that have not been met
 * before. Used by one thread.
 */
final class Restoration {
    private static final int BATCH_RECORDS = 5_000;
    private static final long BATCH_BYTES = 8L << 20;
    private static final int BATCH_DEATHS = 10_000;

    private final StateStore store;
    private final List<Collected> collected = new ArrayList<>();
    private final Map<Bytes, Restored> keys = new LinkedHashMap<>();
    /** If the store was empty when this began: what it does not know cannot be stored. */
    private final Optional<MetKeys> met;

    private long position;
    private long taskOffset;
    private TaskRecord task;
    private int records;
    private long bytes;

    private record Collected(long offset, Bytes key, ChangelogChange change) {}

    /**
     * @param expected records to come, about
     */
    Restoration(StateStore store, long expected) {
        this.store = store;
        Progress progress = store.progress();
        met = progress.liveKeys() == 0 ? Optional.of(new MetKeys(expected)) : Optional.empty();
        position = progress.position();
        taskOffset = progress.taskOffset();
        task = progress.task();
    }

    void apply(long offset, byte[] recordKey, byte[] value) {
        if (offset < position) {
            throw new IllegalStateException("changelog offset " + offset
                    + " was given for restoring, but offsets below " + position + " are reflected already");
        }
        try {
            ChangelogChange change = ChangelogCodec.decode(recordKey, value);
            if (change instanceof ChangelogChange.Task own) {
                task = own.task();
                taskOffset = offset;
            } else {
                collected.add(new Collected(offset, Bytes.wrap(ChangelogCodec.keyOf(recordKey)), change));
            }
        } catch (MalformedBytesException e) {
            throw new IllegalStateException(
                    "the changelog record at offset " + offset + " cannot be read: " + e.getMessage()
                            + "; it was not written by this version of adpipe, or the changelog is damaged",
                    e);
        }
        position = offset + 1;
        records++;
        bytes += value.length;
        if (records >= BATCH_RECORDS || bytes >= BATCH_BYTES) {
            flush(position);
        }
    }

    private void applyCollected() {
        for (Collected each : collected) {
            keys.computeIfAbsent(each.key(), key -> new Restored(key.get()));
        }
        store.getAll(perhapsStored()).forEach((key, stored) -> keys.get(key).found(stored));
        for (Collected each : collected) {
            apply(each.offset(), keys.get(each.key()), each.change());
        }
        collected.clear();
    }

    private List<Bytes> perhapsStored() {
        return keys.keySet().stream()
                .filter(key -> met.isEmpty() || met.get().add(key.get()))
                .toList();
    }

    private static void apply(long offset, Restored restored, ChangelogChange change) {
        if (change instanceof EntriesChange entries && entries.full()) {
            if (restored.data == null || entries.birth() >= restored.data.birth) {
                restored.data = KeyData.of(restored.key, entries, offset);
            }
        } else if (change instanceof EntriesChange delta) {
            // Of another life: the record that began it has left the log, so it is over, or written in full further on.
            if (restored.data != null && restored.data.birth == delta.birth()) {
                restored.data.apply(delta);
            }
        } else if (change instanceof ChangelogChange.Close close
                && restored.data != null
                && restored.data.birth == close.birth()) {
            restored.data = null;
        }
    }

    /** Writes what has been applied, as the state at this position. */
    void flush(long upTo) {
        if (upTo < position) {
            throw new IllegalStateException(
                    "restored to changelog offset " + upTo + ", but records up to " + position + " were given");
        }
        position = upTo;
        applyCollected();
        for (Restored restored : keys.values()) {
            if (restored.data != null && task.covers(restored.data.deadline, restored.key)) {
                restored.data = null;
            }
        }
        write();
        task.cursor().ifPresent(this::bury);
        records = 0;
        bytes = 0;
    }

    /**
     * Removes what the cursor covers from the store, in batches of bounded size: a store that was long away may have many
     * dead. A crash in between costs nothing, since every restore ends with this.
     */
    private void bury(OrderedKey cursor) {
        boolean more = true;
        while (more) {
            store.dueIndex().walk(entry -> {
                if (!entry.atOrBefore(cursor) || keys.size() == BATCH_DEATHS) {
                    return false;
                }
                StateStore.StoredKey stored = store.require(entry);
                if (task.covers(stored.data().deadline, entry.key())) {
                    Restored dead = new Restored(entry.key());
                    dead.base = stored.header();
                    keys.put(Bytes.wrap(entry.key()), dead);
                }
                return true;
            });
            more = !keys.isEmpty();
            if (more) {
                write();
            }
        }
    }

    private void write() {
        StoreBatch batch = store.batch();
        for (Restored restored : keys.values()) {
            batch.change(restored.key, restored.base, restored.data);
        }
        store.write(batch, position, taskOffset, task);
        keys.clear();
    }

    private static final class Restored {
        private final byte[] key;
        /** As it is in the store, null: it is not there. */
        private KeyData.Header base;
        /** As the records so far leave it, null: dead. */
        private KeyData data;

        Restored(byte[] key) {
            this.key = key;
        }

        void found(StateStore.StoredKey stored) {
            base = stored.header();
            data = stored.data();
        }
    }
}
