package dev.adpipe.runtime.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** What RocksDB's errors mean for a store in one folder. */
final class StoreErrors {
    /** Written when damage is found in use, so that the next opening drops the store. */
    private static final String MARK = "DAMAGED";

    private final Path dir;

    StoreErrors(Path dir) {
        this.dir = dir;
    }

    /** The exception to throw for an error in use; marks the folder if the store is damaged. */
    RuntimeException failure(String doing, RocksDBException e) {
        if (isDamage(e)) {
            return damage(doing + ": " + e.getMessage(), e);
        }
        return new StateUnusableException(dir, doing, e);
    }

    StateDamagedException damage(String what, Exception cause) {
        StateDamagedException damaged = new StateDamagedException(dir, what, cause);
        try {
            Files.writeString(dir.resolve(MARK), what, StandardCharsets.UTF_8);
        } catch (IOException e) {
            damaged.addSuppressed(e);
        }
        return damaged;
    }

    /** What was found when the store was last in use, if that was damage. */
    Optional<String> mark() {
        try {
            Path mark = dir.resolve(MARK);
            return Files.exists(mark) ? Optional.of(Files.readString(mark, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (IOException e) {
            return Optional.of("its damage mark is unreadable: " + e.getMessage());
        }
    }

    /** Missing files are reported as input/output errors that say so in their text only. */
    static boolean isDamage(RocksDBException e) {
        Status status = e.getStatus();
        if (status == null) {
            return false;
        }
        return switch (status.getCode()) {
            case Corruption, NotFound, InvalidArgument, NotSupported -> true;
            case IOError -> String.valueOf(e.getMessage()).contains("No such file");
            default -> false;
        };
    }

    static boolean isLocked(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("lock file") || message.contains("lock hold by");
    }

    /** A strict cache that is full of pinned blocks and write buffers refuses to read through it. */
    static boolean isCacheFull(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.MemoryLimit;
    }
}
