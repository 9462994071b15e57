package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import dev.adpipe.runtime.state.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local stores of one container, one folder for each partition: who wants one takes it and brings it back. A store that
 * nobody has is parked, open or closed. Used by the container's thread.
 */
final class LocalStores implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalStores.class);

    /** Longer than a rolling restart keeps a partition away. */
    private static final long KEEP_MS = 10 * 60_000;

    private final Path dir;
    private final ChangelogTopic topic;
    private final RocksMemory memory;
    private final Map<Integer, TaskState> parked = new TreeMap<>();
    private final Map<Integer, Long> positions = new TreeMap<>();
    private final Map<Integer, Long> unwantedSince = new TreeMap<>();
    private final Map<Integer, TaskState> openedAhead = new ConcurrentHashMap<>();
    private CompletableFuture<Void> openingAhead = CompletableFuture.completedFuture(null);

    /**
     * @param dir folder of this container's stores
     */
    LocalStores(Path dir, ChangelogTopic topic, RocksMemory memory) {
        this.dir = dir;
        this.topic = topic;
        this.memory = memory;
    }

    /** Opens what earlier runs have left, to know how far it is. Takes time in proportion to their number, not their size. */
    void openAll() {
        open(left());
    }

    /**
     * Begins to open what the last run has used to its end, beside this thread, which waits for it when it needs a store. Nothing
     * is dropped; what cannot be opened as it is comes again when it is wanted.
     */
    void beginToOpen() {
        openingAhead = CompletableFuture.runAsync(() -> SideBySide.each(
                usedLast(),
                partition -> openedAhead.put(
                        partition, TaskState.openAsIs(folder(partition), topic.storeIdentity(partition), memory))));
    }

    /** What others were given before was not written to any more. */
    private List<Integer> usedLast() {
        Map<Integer, Long> written = new TreeMap<>();
        left().forEach(partition -> written.put(partition, lastWritten(folder(partition))));
        long newest = written.values().stream().max(Long::compare).orElse(0L);
        return written.keySet().stream()
                .filter(partition -> newest - written.get(partition) < KEEP_MS)
                .toList();
    }

    private static long lastWritten(Path folder) {
        long newest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into the folder of local state " + folder, e);
        }
        return newest;
    }

    private List<Integer> left() {
        return IntStream.range(0, topic.partitions())
                .filter(partition -> holdsFiles(folder(partition)))
                .boxed()
                .toList();
    }

    /** With what has been opened ahead. */
    private Map<Integer, TaskState> parked() {
        try {
            openingAhead.join();
        } catch (CompletionException e) {
            log.debug("Not every store could be opened ahead", e);
        }
        openingAhead = CompletableFuture.completedFuture(null);
        openedAhead.forEach(this::park);
        openedAhead.clear();
        return parked;
    }

    /** Opens the stores that are about to be taken, on all cores: RocksDB reads its logs meanwhile. */
    void open(Collection<Integer> partitions) {
        Map<Integer, TaskState> opened = new ConcurrentHashMap<>();
        try {
            SideBySide.each(
                    partitions.stream().filter(p -> !parked().containsKey(p)).toList(),
                    partition -> opened.put(partition, open(partition)));
        } finally {
            // Whatever is open is closed with the parked ones, also if another cannot be opened.
            opened.forEach(this::park);
        }
    }

    private TaskState open(int partition) {
        return TaskState.open(folder(partition), topic.storeIdentity(partition), memory);
    }

    /** Empties what earlier runs have left. */
    void dropAll(String reason) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
            if (holdsFiles(folder(partition))) {
                try (TaskState state = take(partition)) {
                    state.drop(reason);
                    positions.put(partition, state.position());
                }
            }
        }
    }

    /** The store of a partition, an empty one if there is none; whoever takes it closes it or brings it back. */
    TaskState take(int partition) {
        TaskState state = parked().remove(partition);
        if (state == null) {
            state = open(partition);
        }
        positions.put(partition, state.position());
        return state;
    }

    /** Brings a store back; it stays open. */
    void park(int partition, TaskState state) {
        positions.put(partition, state.position());
        parked.put(partition, state);
    }

    /** Closes the parked stores that are not wanted. They stay on the disk. */
    void closeUnless(IntPredicate wanted) {
        parked().entrySet().removeIf(store -> {
            if (wanted.test(store.getKey())) {
                return false;
            }
            store.getValue().close();
            return true;
        });
    }

    /**
     * Deletes the stores that nobody has wanted for {@link #KEEP_MS}: others have the tasks and the copies by then, and go on
     * without looking back. To be called again and again, and only while it is known what is wanted.
     *
     * @param wanted whether the partition's task is here, or its copy
     */
    void deleteUnless(IntPredicate wanted, long now) {
        for (int partition : List.copyOf(positions.keySet())) {
            if (wanted.test(partition)) {
                unwantedSince.remove(partition);
            } else if (now - unwantedSince.computeIfAbsent(partition, p -> now) >= KEEP_MS) {
                delete(partition);
            }
        }
    }

    private void delete(int partition) {
        TaskState state = parked().remove(partition);
        if (state != null) {
            state.close();
        }
        log.info("Deleting the local state in {}: its task and its copies are with others", folder(partition));
        TaskState.delete(folder(partition));
        unwantedSince.remove(partition);
        positions.remove(partition);
    }

    /** A store that was taken has been closed there. */
    void closed(int partition, long position) {
        positions.put(partition, position);
    }

    /** How far each store was when it was last seen here. */
    Map<Integer, Long> positions() {
        return positions;
    }

    private Path folder(int partition) {
        return dir.resolve(Integer.toString(partition));
    }

    private static boolean holdsFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into the folder of local state " + folder, e);
        }
    }

    @Override
    public void close() {
        closeUnless(partition -> false);
    }
}
