package dev.adpipe.runtime.state;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Changes of keys that are written to the store together, with its indexes and totals. */
final class StoreBatch implements AutoCloseable {
    private final WriteBatch batch = new WriteBatch();
    private final ColumnFamilyHandle keys;
    private final OrderedIndex dueIndex;
    private final OrderedIndex ageIndex;
    private final StoreErrors errors;
    private long liveKeys;
    private long bytes;

    StoreBatch(
            ColumnFamilyHandle keys,
            OrderedIndex dueIndex,
            OrderedIndex ageIndex,
            StoreErrors errors,
            Progress before) {
        this.keys = keys;
        this.dueIndex = dueIndex;
        this.ageIndex = ageIndex;
        this.errors = errors;
        this.liveKeys = before.liveKeys();
        this.bytes = before.bytes();
    }

    /**
     * @param before the key as it is in the store, null: it is not there
     * @param after  as it shall be, null: not there
     */
    void change(byte[] key, KeyData.Header before, KeyData after) {
        try {
            if (before != null) {
                liveKeys--;
                bytes -= before.size();
                if (after == null || after.due != before.due()) {
                    dueIndex.delete(batch, new OrderedKey(before.due(), key));
                }
                if (after == null || after.completeFrom != before.completeFrom()) {
                    ageIndex.delete(batch, new OrderedKey(before.completeFrom(), key));
                }
            }
            if (after == null) {
                batch.delete(keys, key);
                return;
            }
            byte[] value = after.encode();
            batch.put(keys, key, value);
            liveKeys++;
            bytes += key.length + value.length;
            if (before == null || after.due != before.due()) {
                dueIndex.put(batch, new OrderedKey(after.due, key));
            }
            if (before == null || after.completeFrom != before.completeFrom()) {
                ageIndex.put(batch, new OrderedKey(after.completeFrom, key));
            }
        } catch (RocksDBException e) {
            throw errors.failure("collecting changes of key " + Printable.text(key), e);
        }
    }

    void put(ColumnFamilyHandle family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(family, key, value);
    }

    Progress progress(long position, long taskOffset, TaskRecord task) {
        return new Progress(position, liveKeys, bytes, taskOffset, task);
    }

    WriteBatch batch() {
        return batch;
    }

    @Override
    public void close() {
        batch.close();
    }
}
