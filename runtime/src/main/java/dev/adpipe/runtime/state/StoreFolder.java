package dev.adpipe.runtime.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the store of a folder, or drops it, saying why, and makes an empty one. */
final class StoreFolder {
    private static final Logger log = LoggerFactory.getLogger(TaskState.class);

    private final Path dir;
    private final StoreIdentity identity;
    private final RocksMemory memory;

    StoreFolder(Path dir, StoreIdentity identity, RocksMemory memory) {
        this.dir = dir;
        this.identity = identity;
        this.memory = memory;
    }

    /**
     * The store that is there, if it is whole and ours, otherwise an empty one.
     *
     * @param asIs to drop nothing
     * @throws IllegalStateException if it would have to be dropped, and is to stay as it is
     */
    StateStore open(boolean asIs) {
        try {
            Files.createDirectories(dir);
            Optional<String> flaw = new StoreErrors(dir).mark();
            if (flaw.isPresent()) {
                return replace(asIs, "it was found damaged when last in use: " + flaw.get());
            }
            if (!isEmpty() && !Files.exists(dir.resolve("CURRENT"))) {
                return replace(asIs, "its file CURRENT is missing");
            }
            return openWhole(asIs, false);
        } catch (IOException e) {
            throw new StateUnusableException(dir, "looking into the folder", e);
        }
    }

    private StateStore replace(boolean asIs, String reason) {
        if (asIs) {
            throw new IllegalStateException("the local state in " + dir + " is not opened as it is: " + reason);
        }
        return replace(reason);
    }

    /** Drops what is there and makes an empty store. */
    StateStore replace(String reason) {
        log.warn("Dropping the local state in {}: {}; it will be rebuilt from the changelog", dir, reason);
        try {
            delete();
            Files.createDirectories(dir);
            return openWhole(false, true);
        } catch (IOException e) {
            throw new StateUnusableException(dir, "emptying the folder", e);
        }
    }

    private StateStore openWhole(boolean asIs, boolean justMade) throws IOException {
        StateStore store;
        boolean fresh;
        try {
            fresh = isEmpty();
            store = new StateStore(dir, memory);
        } catch (RocksDBException e) {
            return replaceDamaged(e, asIs, justMade);
        }
        String flaw;
        try {
            Optional<StoreIdentity> found = store.identity();
            if (found.isEmpty() && fresh) {
                store.identify(identity);
            }
            if (found.map(identity::equals).orElse(fresh)) {
                store.readProgress();
                return store;
            }
            // RocksDB makes column families that a cut manifest does not name anew, beside data that is there.
            flaw = found.map(other -> "it is of " + other + ", wanted is " + identity)
                    .orElse("it does not say what it is of, so a part of it is lost");
        } catch (RocksDBException | MalformedBytesException e) {
            flaw = "its head is unreadable: " + e.getMessage();
        }
        store.close();
        if (justMade) {
            throw new IllegalStateException("the local state in " + dir + " was just made, and " + flaw);
        }
        return replace(asIs, flaw);
    }

    private StateStore replaceDamaged(RocksDBException e, boolean asIs, boolean justMade) {
        if (StoreErrors.isLocked(e)) {
            throw new StateInUseException(
                    "the local state in " + dir + " is in use by another process (or twice in this one): "
                            + e.getMessage() + "; give each process its own instance name or runtime.state-dir",
                    e);
        }
        if (StoreErrors.isDamage(e) && !justMade) {
            return replace(asIs, "it is damaged: " + e.getMessage());
        }
        throw new StoreErrors(dir).failure("opening", e);
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.findAny().isEmpty();
        }
    }

    private void delete() throws IOException {
        delete(dir);
    }

    /** Cut off in between, what remains is no store: its head goes first. */
    static void delete(Path dir) throws IOException {
        Files.deleteIfExists(dir.resolve("CURRENT"));
        List<Path> files;
        try (Stream<Path> walk = Files.walk(dir)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
