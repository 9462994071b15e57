package dev.adpipe.runtime.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state of one task: its committed part in a local store, the changes of the running transaction in memory. The local
 * store is a cache of the changelog, never ahead of what is committed there.
 *
 * <p>Life of a transaction: the task changes keys; {@link #changes()} gives the records for the changelog; then either
 * {@link #committed} or {@link #rollback()}. Both end it: key states read in it cannot be used any more. Before the first
 * transaction, or instead of any in a standby: {@link #restore} and {@link #restoredTo}.
 *
 * <p>Used by one thread at a time. Every method may throw {@link StateDamagedException} and {@link
 * StateUnusableException}.
 */
public final class TaskState implements KeyedState, AutoCloseable {
    private final StoreFolder folder;
    private StateStore store;
    private Restoration restoration;
    private WorkingSet working;
    private Optional<OrderedKey> cursor = Optional.empty();
    private Optional<byte[]> taskBytes = Optional.empty();
    private boolean taskChanged;
    private Pending pending;
    private long expectedRecords;

    /**
     * Records of the running transaction that are being written.
     *
     * @param taskAt index of the task's own record, -1: none
     */
    private record Pending(List<ChangelogRecord> records, List<Slot> carried, int taskAt) {}

    private TaskState(StoreFolder folder, boolean asIs) {
        this.folder = folder;
        use(folder.open(asIs));
    }

    /**
     * Opens the local store. One that is damaged or of another identity is dropped, which is logged with the reason, and
     * an empty one is made.
     *
     * @param dir    folder of this store alone
     * @param memory to be closed after this
     * @throws IllegalStateException         if another process has it open
     * @throws StateUnusableException if the disk does not let it be used
     */
    public static TaskState open(Path dir, StoreIdentity identity, RocksMemory memory) {
        return new TaskState(new StoreFolder(dir, identity, memory), false);
    }

    /**
     * Opens the local store and drops nothing.
     *
     * @throws IllegalStateException if {@link #open} would drop it, and as there
     */
    public static TaskState openAsIs(Path dir, StoreIdentity identity, RocksMemory memory) {
        return new TaskState(new StoreFolder(dir, identity, memory), true);
    }

    /**
     * Forgets the local store, committed state included, because it cannot be continued: its position has left the log,
     * for instance. The position is 0 afterwards.
     */
    public void drop(String reason) {
        close();
        use(folder.replace(reason));
    }

    /** Deletes a store that is closed, folder included. */
    public static void delete(Path dir) {
        try {
            StoreFolder.delete(dir);
        } catch (IOException e) {
            throw new StateUnusableException(dir, "deleting the folder", e);
        }
    }

    private void use(StateStore opened) {
        store = opened;
        restoration = null;
        begin();
    }

    private void begin() {
        working = new WorkingSet(store);
        cursor = store.progress().task().cursor();
        taskBytes = store.progress().task().bytes();
        taskChanged = false;
        pending = null;
    }

    /** The next changelog offset to read; 0 if the store is empty. */
    public long position() {
        return store.progress().position();
    }

    /**
     * Tells about how many changelog records are to come before {@link #restoredTo}. Restoring many into an empty store is
     * faster for it; nothing else depends on it.
     */
    public void expect(long records) {
        expectedRecords = records;
    }

    /**
     * Takes one changelog record, in log order, from {@link #position()} on, as read with {@code read_committed}.
     *
     * @throws IllegalStateException if it is no changelog record, or there are uncommitted changes
     */
    public void restore(long offset, byte[] key, byte[] value) {
        expectClean("restore");
        if (restoration == null) {
            restoration = new Restoration(store, expectedRecords);
        }
        restoration.apply(offset, key, value);
    }

    /** Tells that everything before this position has been given to {@link #restore}; writes both to the store. */
    public void restoredTo(long position) {
        expectClean("restore");
        if (restoration == null) {
            restoration = new Restoration(store, expectedRecords);
        }
        restoration.flush(position);
        restoration = null;
        expectedRecords = 0;
        working.end();
        begin();
    }

    private void expectClean(String doing) {
        if (dirty()) {
            throw new IllegalStateException("cannot " + doing + " over uncommitted changes");
        }
    }

    /**
     * Whether the running transaction has changed anything. Even if not, {@link #changes()} may have records to write, so
     * that the log of a task without input gets shorter as well; but without transactions it does not grow, and need not.
     */
    public boolean dirty() {
        return taskChanged || !working.changed().isEmpty();
    }

    /**
     * What must be written to the changelog in the running transaction, in this order; to be called once, after the last
     * change. If this is not empty, the transaction has to send the offset of the task's input.
     *
     * @throws IllegalStateException if the task broke a rule of {@link KeyedState}
     */
    public List<ChangelogRecord> changes() {
        expectRestored();
        working.freeze();
        TaskRecord task = new TaskRecord(working.births(), cursor, taskBytes);
        TransactionRecords records = new TransactionRecords(store, working, task);
        List<Slot> carried = records.write();
        int taskAt = taskChanged || records.needTask() ? records.writeTask() : -1;
        pending = new Pending(records.records(), carried, taskAt);
        return pending.records();
    }

    /**
     * Tells that the transaction has committed, and writes its changes to the store, with the changelog position they
     * reflect.
     *
     * @param offsets where the records of {@link #changes()} went, in the same order
     */
    public void committed(long[] offsets) {
        if (pending == null || offsets.length != pending.records().size()) {
            throw new IllegalStateException("committed with " + offsets.length + " changelog offsets, but "
                    + (pending == null
                            ? "changes() was not called"
                            : pending.records().size() + " records were due"));
        }
        if (offsets.length > 0) {
            write(offsets);
        }
        working.end();
        begin();
    }

    private void write(long[] offsets) {
        long last = position() - 1;
        for (long offset : offsets) {
            if (offset <= last) {
                throw new IllegalStateException("the changelog gave offset " + offset + " after " + last);
            }
            last = offset;
        }
        List<Slot> slots = new ArrayList<>(working.changed());
        slots.addAll(pending.carried());
        StoreBatch batch = store.batch();
        for (Slot slot : slots) {
            KeyData data = slot.live == null ? null : slot.live.data();
            if (slot.fullAt >= 0) {
                data.completeFrom = offsets[slot.fullAt];
            }
            batch.change(slot.key, slot.base, data);
        }
        TaskRecord task = new TaskRecord(working.births(), cursor, taskBytes);
        store.write(batch, last + 1, offsets[pending.taskAt()], task);
    }

    /** Tells that the transaction was aborted: its changes are forgotten. */
    public void rollback() {
        working.end();
        begin();
    }

    /** The smallest changelog offset that committed state needs: what lies before it may be deleted. */
    public long lowWater() {
        long oldest = store.ageIndex().first().map(OrderedKey::order).orElse(Long.MAX_VALUE);
        store.ageIndex().rewind();
        long taskOffset = store.progress().taskOffset();
        return Math.min(Math.min(oldest, taskOffset < 0 ? Long.MAX_VALUE : taskOffset), position());
    }

    /** Size of the committed keys and values, before compression. */
    public long approximateBytes() {
        return store.progress().bytes();
    }

    @Override
    public long liveKeys() {
        return store.progress().liveKeys() + working.growth();
    }

    @Override
    public Optional<KeyState> get(byte[] key) {
        expectRestored();
        return working.get(key);
    }

    @Override
    public KeyState create(byte[] key) {
        expectRestored();
        return working.create(key);
    }

    @Override
    public Optional<KeyState> firstDue(long upTo) {
        expectRestored();
        return working.firstDue(upTo);
    }

    @Override
    public void advanceCursor(long due, byte[] key) {
        expectRestored();
        OrderedKey next = new OrderedKey(due, key);
        if (cursor.isPresent() && next.compareTo(cursor.get()) < 0) {
            throw new IllegalArgumentException("the cursor is at " + cursor.get() + " and cannot go back to " + next);
        }
        cursor = Optional.of(next);
        taskChanged = true;
    }

    @Override
    public void remove(KeyState key) {
        expectRestored();
        working.remove(key);
    }

    @Override
    public Optional<byte[]> taskRecord() {
        return taskBytes;
    }

    @Override
    public void setTaskRecord(byte[] value) {
        expectRestored();
        taskBytes = Optional.of(value);
        taskChanged = true;
    }

    private void expectRestored() {
        if (restoration != null) {
            throw new IllegalStateException("the state is being restored: restoredTo() has not been called yet");
        }
    }

    /** Writes nothing: what is committed is in the store, the rest is forgotten. */
    @Override
    public void close() {
        working.end();
        store.close();
    }
}
