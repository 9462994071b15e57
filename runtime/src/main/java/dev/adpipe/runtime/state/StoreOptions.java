package dev.adpipe.runtime.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteOptions;

/** RocksDB's options for one store; closed after it. */
final class StoreOptions implements AutoCloseable {
    private static final long MIB = 1L << 20;

    private final Deque<AbstractNativeReference> natives = new ArrayDeque<>();
    private final RocksMemory memory;

    final DBOptions db;
    final List<ColumnFamilyDescriptor> families;
    /** Checksums are verified: that is RocksDB's default, written out because we rely on it. */
    final ReadOptions read;
    /** For when the strict cache is full of pinned blocks and write buffers. */
    final ReadOptions readUncached;
    /**
     * Not synced: a killed process loses nothing, and a machine without power falls back to an earlier committed point,
     * from which the changelog leads on.
     */
    final WriteOptions write;

    StoreOptions(RocksMemory memory) {
        this.memory = memory;
        db = own(DBOptions.getDBOptionsFromProps(unnamed()))
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWriteBufferManager(memory.writeBuffers())
                // It is read again after a kill, by every store: that has to be a matter of a second.
                .setMaxTotalWalSize(24 * MIB)
                .setMaxOpenFiles(-1)
                .setAvoidFlushDuringRecovery(true)
                .setSkipStatsUpdateOnDbOpen(true)
                // RocksDB makes 16 threads for each opening; that took most of its time, with few and small files.
                .setMaxFileOpeningThreads(2)
                .setMaxBackgroundJobs(2)
                // A store is written by one thread.
                .setAllowConcurrentMemtableWrite(false)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
        families = List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family(16 * MIB)),
                new ColumnFamilyDescriptor(name("due"), family(4 * MIB)),
                new ColumnFamilyDescriptor(name("age"), family(4 * MIB)),
                new ColumnFamilyDescriptor(name("meta"), family(MIB)));
        read = own(new ReadOptions()).setVerifyChecksums(true);
        readUncached = own(new ReadOptions()).setVerifyChecksums(true).setFillCache(false);
        write = own(new WriteOptions()).setSync(false);
    }

    /** Options that Java has no setters for. */
    private static Properties unnamed() {
        Properties options = new Properties();
        // A manifest that lost its end would name a former set of files, and their logs are gone: that shows.
        options.setProperty("track_and_verify_wals_in_manifest", "true");
        return options;
    }

    private ColumnFamilyOptions family(long writeBufferBytes) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(memory.cache())
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setBlockSize(16 * 1024L)
                .setFilterPolicy(own(new BloomFilter(10)))
                .setFormatVersion(5);
        // Small arenas: every task has four of these, most of them nearly empty.
        return own(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                .setWriteBufferSize(writeBufferBytes)
                // Most keys asked for are new: filters answer that without a search.
                .setMemtablePrefixBloomSizeRatio(0.05)
                .setMemtableWholeKeyFiltering(true)
                .setArenaBlockSize(64 * 1024L)
                .setTargetFileSizeBase(16 * MIB)
                .setMaxBytesForLevelBase(64 * MIB)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setParanoidFileChecks(false)
                .setForceConsistencyChecks(true);
    }

    private <T extends AbstractNativeReference> T own(T reference) {
        natives.push(reference);
        return reference;
    }

    private static byte[] name(String family) {
        return family.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        natives.forEach(AbstractNativeReference::close);
    }
}
