package dev.adpipe.runtime.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.rocksdb.ByteBufferGetStatus;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * The committed state of one task on the local disk: keys, the indexes of their due times and ages, and the progress
 * they reflect. Used by one thread.
 */
final class StateStore implements AutoCloseable {
    private static final byte[] IDENTITY = "identity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROGRESS = "progress".getBytes(StandardCharsets.US_ASCII);

    private final StoreOptions options;
    private final StoreErrors errors;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final OrderedIndex dueIndex;
    private final OrderedIndex ageIndex;
    private Progress progress = Progress.NONE;

    /**
     * @throws RocksDBException if it cannot be opened
     */
    StateStore(Path dir, RocksMemory memory) throws RocksDBException {
        errors = new StoreErrors(dir);
        options = new StoreOptions(memory);
        try {
            db = RocksDB.open(options.db, dir.toString(), options.families, families);
        } catch (RocksDBException e) {
            options.close();
            throw e;
        }
        dueIndex = new OrderedIndex(db, families.get(1), options.read, errors);
        ageIndex = new OrderedIndex(db, families.get(2), options.read, errors);
    }

    /** The identity it was given; empty in a store just made. */
    Optional<StoreIdentity> identity() throws RocksDBException {
        return Optional.ofNullable(db.get(meta(), IDENTITY)).map(StoreIdentity::decode);
    }

    void identify(StoreIdentity identity) throws RocksDBException {
        db.put(meta(), options.write, IDENTITY, identity.encode());
    }

    /** Reads how far the store had come. */
    void readProgress() throws RocksDBException {
        byte[] bytes = db.get(meta(), PROGRESS);
        progress = bytes == null ? Progress.NONE : Progress.decode(bytes);
    }

    Progress progress() {
        return progress;
    }

    OrderedIndex dueIndex() {
        return dueIndex;
    }

    OrderedIndex ageIndex() {
        return ageIndex;
    }

    Optional<StoredKey> get(byte[] key) {
        try {
            byte[] value = read(key);
            return value == null
                    ? Optional.empty()
                    : Optional.of(new StoredKey(KeyData.decode(key, value), key.length + value.length));
        } catch (RocksDBException e) {
            throw errors.failure("reading key " + Printable.text(key), e);
        } catch (MalformedBytesException e) {
            throw errors.damage("the value of key " + Printable.text(key) + ": " + e.getMessage(), e);
        }
    }

    /**
     * The values of those of these keys that are there. Most of them are expected not to be: all are looked for in one
     * call, which costs less than half of as many {@link #get}, and then those that are there are read.
     */
    Map<Bytes, StoredKey> getAll(Collection<Bytes> keys) {
        Map<Bytes, StoredKey> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found; // RocksDB asserts that something is asked
        }
        List<Bytes> asked = List.copyOf(keys);
        List<ByteBuffer> names = new ArrayList<>(asked.size());
        List<ByteBuffer> values = new ArrayList<>(asked.size());
        int size = asked.stream().mapToInt(key -> key.get().length).sum();
        ByteBuffer buffer = ByteBuffer.allocateDirect(size + asked.size());
        for (Bytes key : asked) {
            names.add(slice(buffer, key.get().length).put(key.get()).flip());
            values.add(slice(buffer, 1));
        }
        List<ByteBufferGetStatus> answers;
        try {
            answers = db.multiGetByteBuffers(options.read, names, values);
        } catch (RocksDBException e) {
            throw errors.failure("looking for " + asked.size() + " keys", e);
        }
        for (int i = 0; i < asked.size(); i++) {
            // Whatever else it says, damage included, is found again by reading the key.
            if (answers.get(i).status.getCode() != Status.Code.NotFound) {
                Bytes key = asked.get(i);
                get(key.get()).ifPresent(stored -> found.put(key, stored));
            }
        }
        return found;
    }

    private static ByteBuffer slice(ByteBuffer buffer, int length) {
        ByteBuffer slice = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return slice;
    }

    /** A key that an index names must be there. */
    StoredKey require(OrderedKey entry) {
        return get(entry.key())
                .orElseThrow(() -> errors.damage("an index names " + entry + ", and that key is not there", null));
    }

    private byte[] read(byte[] key) throws RocksDBException {
        try {
            return db.get(families.get(0), options.read, key);
        } catch (RocksDBException e) {
            if (!StoreErrors.isCacheFull(e)) {
                throw e;
            }
            return db.get(families.get(0), options.readUncached, key);
        }
    }

    StoreBatch batch() {
        return new StoreBatch(families.get(0), dueIndex, ageIndex, errors, progress);
    }

    /** Writes the batch with the progress it leads to, and closes it. */
    void write(StoreBatch batch, long position, long taskOffset, TaskRecord task) {
        try (batch) {
            Progress next = batch.progress(position, taskOffset, task);
            batch.put(meta(), PROGRESS, next.encode());
            db.write(options.write, batch.batch());
            progress = next;
        } catch (RocksDBException e) {
            throw errors.failure("writing up to changelog offset " + position, e);
        } finally {
            dueIndex.rewind();
            ageIndex.rewind();
        }
    }

    private ColumnFamilyHandle meta() {
        return families.get(3);
    }

    @Override
    public void close() {
        dueIndex.close();
        ageIndex.close();
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        options.close();
    }

    /**
     * @param size of key and value as stored
     */
    record StoredKey(KeyData data, int size) {
        KeyData.Header header() {
            return data.header(size);
        }
    }
}
