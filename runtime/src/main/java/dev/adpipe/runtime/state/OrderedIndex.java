package dev.adpipe.runtime.state;

import java.util.Optional;
import java.util.function.Predicate;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * Committed keys in an order. It remembers a floor below which there is nothing, so that a search does not walk over the
 * tombstones of what was deleted at the front: each is walked over once.
 *
 * <p>Used by one thread. A walk in progress holds a native iterator, which every write ends.
 */
final class OrderedIndex implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final RocksDB db;
    private final ColumnFamilyHandle family;
    private final ReadOptions options;
    private final StoreErrors errors;

    private boolean floorKnown;
    /** With a known floor: null if the index is empty. */
    private OrderedKey floor;

    private RocksIterator iterator;

    OrderedIndex(RocksDB db, ColumnFamilyHandle family, ReadOptions options, StoreErrors errors) {
        this.db = db;
        this.family = family;
        this.options = options;
        this.errors = errors;
    }

    void put(WriteBatch batch, OrderedKey key) throws RocksDBException {
        batch.put(family, key.encode(), NOTHING);
        if (floorKnown && (floor == null || key.compareTo(floor) < 0)) {
            floor = key;
        }
    }

    void delete(WriteBatch batch, OrderedKey key) throws RocksDBException {
        batch.delete(family, key.encode());
    }

    /** To be called after each write to the store, and when what was skipped is to be seen again. */
    void rewind() {
        close();
    }

    Optional<OrderedKey> first() {
        return first(Long.MAX_VALUE, key -> false);
    }

    /**
     * The first entry not after {@code upTo} that is not skipped. What was skipped once is skipped until the next write.
     */
    Optional<OrderedKey> first(long upTo, Predicate<byte[]> skip) {
        if (floorKnown && (floor == null || floor.order() > upTo)) {
            return Optional.empty();
        }
        start();
        for (; iterator.isValid(); iterator.next()) {
            OrderedKey entry = current();
            if (entry.order() > upTo) {
                return Optional.empty();
            }
            if (!skip.test(entry.key())) {
                return Optional.of(entry);
            }
        }
        check(iterator);
        return Optional.empty();
    }

    /** Walks from the first entry on until the visitor says false. */
    void walk(Predicate<OrderedKey> visitor) {
        close();
        if (floorKnown && floor == null) {
            return;
        }
        start();
        while (iterator.isValid() && visitor.test(current())) {
            iterator.next();
        }
        check(iterator);
        close();
    }

    private void start() {
        if (iterator != null) {
            return;
        }
        iterator = db.newIterator(family, options);
        if (floorKnown) {
            iterator.seek(floor.encode());
        } else {
            iterator.seekToFirst();
        }
        check(iterator);
        floor = iterator.isValid() ? current() : null;
        floorKnown = true;
    }

    private OrderedKey current() {
        try {
            return OrderedKey.decode(iterator.key());
        } catch (MalformedBytesException e) {
            throw errors.damage(e.getMessage(), e);
        }
    }

    private void check(RocksIterator walked) {
        try {
            walked.status();
        } catch (RocksDBException e) {
            throw errors.failure("walking over an index", e);
        }
    }

    @Override
    public void close() {
        if (iterator != null) {
            iterator.close();
            iterator = null;
        }
    }
}
