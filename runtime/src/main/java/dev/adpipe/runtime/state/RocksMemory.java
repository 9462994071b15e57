package dev.adpipe.runtime.state;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all local stores of a process share: one block cache, which holds data, index and filter blocks and is
 * charged for the write buffers, too.
 *
 * <p>One per process; any thread may use it. To be closed after the last store.
 */
public final class RocksMemory implements AutoCloseable {
    private static final long SMALLEST = 8L << 20;

    /**
     * Few, as few threads use the cache: the cap holds for each shard alone, and a block with a large key must fit in
     * beside what else is pinned there.
     */
    private static final int SHARD_BITS = 1;

    private final long capBytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    static {
        load();
    }

    /**
     * @param capBytes definition key {@code runtime.state-memory}
     * @throws IllegalArgumentException if that is too little to work with
     */
    public RocksMemory(long capBytes) {
        if (capBytes < SMALLEST) {
            throw new IllegalArgumentException(
                    "runtime.state-memory is " + capBytes + " bytes; at least " + SMALLEST + " are needed, raise it");
        }
        this.capBytes = capBytes;
        cache = new LRUCache(capBytes, SHARD_BITS, true);
        // A third: buffers outgrow their share while they are flushed, and a full strict cache refuses to read.
        writeBuffers = new WriteBufferManager(capBytes / 3, cache);
    }

    /** Loads RocksDB's library, if that has not been done: it is unpacked into a temporary file first. */
    public static void load() {
        RocksDB.loadLibrary();
    }

    public long capBytes() {
        return capBytes;
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
