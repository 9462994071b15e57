package dev.adpipe.testkit;

import dev.adpipe.runtime.state.RocksMemory;
import dev.adpipe.runtime.state.StoreIdentity;
import dev.adpipe.runtime.state.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A task's local state, its changelog, and the accidents that happen between them. */
final class DrivenState implements AutoCloseable {
    private static final long MEMORY = 16L << 20;
    private static final int PARTITIONS = 64;

    private final Path dir;
    private final StoreIdentity identity;
    private final RocksMemory memory = new RocksMemory(MEMORY);
    private final MemoryChangelog changelog = new MemoryChangelog();
    private TaskState state;

    DrivenState(Path dir, int partition) {
        this.dir = dir;
        identity = new StoreIdentity(
                "test-cluster", "test-changelog", partition, Math.max(PARTITIONS, partition + 1), StoreIdentity.FORMAT);
        state = TaskState.open(dir, identity, memory);
        state.restoredTo(0);
    }

    TaskState state() {
        return state;
    }

    MemoryChangelog changelog() {
        return changelog;
    }

    /** Commits; with {@code reopen} the state is as after a restart of one of three kinds, in turn. */
    void commit(boolean reopen, int turn) {
        long[] offsets = changelog.append(state.changes(), true);
        if (reopen && turn % 3 == 1) {
            reopen(false);
            return;
        }
        state.committed(offsets);
        changelog.deleteBefore(state.lowWater());
        if (reopen) {
            reopen(turn % 3 == 2);
        }
    }

    /** Aborts, in one of three ways in turn. */
    void abort(int turn) {
        if (turn % 3 == 0) {
            state.rollback();
            return;
        }
        changelog.append(state.changes(), false);
        if (turn % 3 == 1) {
            state.rollback();
        } else {
            reopen(false);
        }
    }

    private void reopen(boolean deleted) {
        state.close();
        if (deleted) {
            delete();
        }
        state = TaskState.open(dir, identity, memory);
        changelog.restore(state);
    }

    private void delete() {
        try (Stream<Path> walk = Files.walk(dir)) {
            List<Path> files = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        state.close();
        memory.close();
    }
}
