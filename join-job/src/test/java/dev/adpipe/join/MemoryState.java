package dev.adpipe.join;

import dev.adpipe.runtime.state.KeyState;
import dev.adpipe.runtime.state.KeyedState;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The contract of a task's state in memory, strict about what a task must not do. {@link #reopened} is what a successor
 * finds after a commit.
 */
final class MemoryState implements KeyedState {
    private final TreeMap<byte[], MemoryKey> keys = new TreeMap<>(Arrays::compareUnsigned);
    private byte[] taskRecord;
    private long cursorDue = Long.MIN_VALUE;
    private byte[] cursorKey = {};

    /** A deep copy without views, checked as a commit would find it. */
    MemoryState reopened() {
        MemoryState copy = new MemoryState();
        copy.taskRecord = taskRecord;
        copy.cursorDue = cursorDue;
        copy.cursorKey = cursorKey;
        for (MemoryKey key : keys.values()) {
            if (key.due > key.deadline) {
                throw new IllegalStateException("due " + key.due + " after the deadline " + key.deadline);
            }
            if (!afterCursor(key.due, key.key)) {
                throw new IllegalStateException("due " + key.due + " is not after the cursor " + cursorDue);
            }
            copy.keys.put(key.key, new MemoryKey(key));
        }
        return copy;
    }

    private boolean afterCursor(long due, byte[] key) {
        return due > cursorDue || (due == cursorDue && Arrays.compareUnsigned(key, cursorKey) > 0);
    }

    @Override
    public Optional<KeyState> get(byte[] key) {
        return Optional.ofNullable(keys.get(key));
    }

    @Override
    public KeyState create(byte[] key) {
        if (keys.containsKey(key)) {
            throw new IllegalStateException("the key lives");
        }
        MemoryKey created = new MemoryKey(key);
        keys.put(key, created);
        return created;
    }

    @Override
    public Optional<KeyState> firstDue(long upTo) {
        MemoryKey first = null;
        for (MemoryKey key : keys.values()) {
            if (key.due <= upTo && (first == null || key.due < first.due)) {
                first = key;
            }
        }
        return Optional.ofNullable(first);
    }

    @Override
    public void advanceCursor(long due, byte[] key) {
        if (!afterCursor(due, key)) {
            throw new IllegalStateException("the cursor would go back from " + cursorDue + " to " + due);
        }
        cursorDue = due;
        cursorKey = key;
    }

    @Override
    public void remove(KeyState key) {
        if (keys.remove(key.key()) != key) {
            throw new IllegalStateException("not a live key");
        }
    }

    @Override
    public Optional<byte[]> taskRecord() {
        return Optional.ofNullable(taskRecord);
    }

    @Override
    public void setTaskRecord(byte[] value) {
        taskRecord = value;
    }

    @Override
    public long liveKeys() {
        return keys.size();
    }

    private static final class MemoryKey implements KeyState {
        private final byte[] key;
        private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        private long deadline = Long.MIN_VALUE;
        private long due = Long.MAX_VALUE;
        private Object view;

        MemoryKey(byte[] key) {
            this.key = key;
        }

        MemoryKey(MemoryKey other) {
            this.key = other.key;
            this.deadline = other.deadline;
            this.due = other.due;
            entries.putAll(other.entries);
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public long deadline() {
            return deadline;
        }

        @Override
        public void setDeadline(long newDeadline) {
            if (newDeadline < deadline) {
                throw new IllegalStateException("the deadline would go back from " + deadline + " to " + newDeadline);
            }
            deadline = newDeadline;
        }

        @Override
        public long due() {
            return due;
        }

        @Override
        public void setDue(long newDue) {
            due = newDue;
        }

        @Override
        public Optional<byte[]> entry(byte[] name) {
            return Optional.ofNullable(entries.get(name));
        }

        @Override
        public void setEntry(byte[] name, byte[] value) {
            entries.put(name, value);
        }

        @Override
        public void removeEntry(byte[] name) {
            entries.remove(name);
        }

        @Override
        public Iterable<Map.Entry<byte[], byte[]>> entries() {
            return entries.entrySet();
        }

        @Override
        @SuppressWarnings("unchecked") // a task derives one kind of view only
        public <T> T view(Function<KeyState, T> derive) {
            if (view == null) {
                view = derive.apply(this);
            }
            return (T) view;
        }
    }
}
