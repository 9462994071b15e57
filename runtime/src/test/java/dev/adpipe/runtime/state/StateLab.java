package dev.adpipe.runtime.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One task's state with a changelog in memory, and all that can happen to the two. */
final class StateLab implements AutoCloseable {
    static final StoreIdentity IDENTITY = new StoreIdentity("cluster-a", "topic-a", 3, 12, StoreIdentity.FORMAT);

    record Logged(long offset, ChangelogRecord record) {
        @Override
        public String toString() {
            return ChangelogDescription.describe(record.key(), record.value());
        }
    }

    private final Path dir;
    private final RocksMemory memory = new RocksMemory(8L << 20);
    private final List<Logged> log = new ArrayList<>();
    private long end;
    private long start;
    private TaskState state;

    StateLab(Path dir) {
        this.dir = dir.resolve("task-3");
        open();
    }

    TaskState state() {
        return state;
    }

    RocksMemory memory() {
        return memory;
    }

    Path dir() {
        return dir;
    }

    /** What a read_committed reader finds. */
    List<Logged> log() {
        return log.stream().filter(l -> l.offset >= start).toList();
    }

    List<String> describedLog() {
        return log().stream().map(Logged::toString).toList();
    }

    long logLength() {
        return end - start;
    }

    /** Offset after the last. */
    long end() {
        return end;
    }

    List<Logged> commit() {
        List<ChangelogRecord> records = List.copyOf(state.changes());
        int before = log.size();
        state.committed(append(records, true));
        return List.copyOf(log.subList(before, log.size()));
    }

    /** The transaction commits, and the process is killed before the local store is told. */
    void commitAndCrash() {
        append(List.copyOf(state.changes()), true);
        reopen();
    }

    void abortBeforeWriting() {
        state.rollback();
    }

    void abortAfterWriting() {
        append(List.copyOf(state.changes()), false);
        state.rollback();
    }

    /** Others' records, aborted ones for instance, take so many offsets. */
    void skip(int offsets) {
        end += offsets;
    }

    private long[] append(List<ChangelogRecord> records, boolean commit) {
        long[] offsets = new long[records.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = end++;
            if (commit) {
                log.add(new Logged(offsets[i], records.get(i)));
            }
        }
        end += records.isEmpty() ? 0 : 1;
        return offsets;
    }

    void deleteRecords() {
        start = Math.max(start, state.lowWater());
    }

    /** Stops and starts again with the local store as it is. */
    void reopen() {
        close(state);
        open();
        restore(Integer.MAX_VALUE);
    }

    /** Stops and starts again without a local store. */
    void rebuild() {
        rebuild(Integer.MAX_VALUE);
    }

    /**
     * @param piece records after which the restore is interrupted by a restart, again and again
     */
    void rebuild(int piece) {
        close(state);
        delete();
        open();
        while (!restore(piece)) {
            close(state);
            open();
        }
    }

    void open() {
        state = TaskState.open(dir, IDENTITY, memory);
    }

    /** Restores to the end, or, false, only so many records. */
    boolean restore(int most) {
        long from = Math.max(start, state.position());
        int records = 0;
        for (Logged logged : log) {
            if (logged.offset >= from) {
                if (records == most) {
                    state.restoredTo(logged.offset);
                    return false;
                }
                state.restore(logged.offset, logged.record.key(), logged.record.value());
                records++;
            }
        }
        state.restoredTo(end);
        return true;
    }

    private static void close(TaskState state) {
        state.close();
    }

    private void delete() {
        try (Stream<Path> walk = Files.walk(dir)) {
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a key, or takes the live one. */
    KeyState key(String key, long due, long deadline, String... entries) {
        KeyState live = state.get(bytes(key)).orElseGet(() -> state.create(bytes(key)));
        live.setDeadline(deadline);
        live.setDue(due);
        for (String entry : entries) {
            live.setEntry(
                    bytes(entry.substring(0, entry.indexOf('='))), bytes(entry.substring(entry.indexOf('=') + 1)));
        }
        return live;
    }

    void remove(String key) {
        state.remove(state.get(bytes(key)).orElseThrow());
    }

    /** All there is to know of a key, or {@code dead}. */
    String show(String key) {
        return state.get(bytes(key)).map(StateLab::show).orElse("dead");
    }

    static String show(KeyState key) {
        StringBuilder text = new StringBuilder("due " + key.due() + " deadline " + key.deadline());
        for (Map.Entry<byte[], byte[]> entry : key.entries()) {
            text.append(' ').append(text(entry.getKey())).append('=').append(text(entry.getValue()));
        }
        return text.toString();
    }

    Optional<String> firstDue(long upTo) {
        return state.firstDue(upTo).map(key -> text(key.key()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        state.close();
        memory.close();
    }
}
