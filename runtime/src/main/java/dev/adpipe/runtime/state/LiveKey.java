package dev.adpipe.runtime.state;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** A live key in memory. Changes are noted by name only; nothing is serialised before the transaction's end. */
final class LiveKey implements KeyState {
    private final WorkingSet owner;
    private final Slot slot;
    private final KeyData data;
    private final NavigableSet<byte[]> changedNames = new TreeSet<>(Arrays::compareUnsigned);
    private Object view;

    LiveKey(WorkingSet owner, Slot slot, KeyData data) {
        this.owner = owner;
        this.slot = slot;
        this.data = data;
    }

    Slot slot() {
        return slot;
    }

    KeyData data() {
        return data;
    }

    NavigableSet<byte[]> changedNames() {
        return changedNames;
    }

    /** Bytes that a record of the changes alone will have, about. */
    long changedSize() {
        long size = 0;
        for (byte[] name : changedNames) {
            byte[] value = data.entries.get(name);
            size += name.length + (value == null ? 0 : value.length);
        }
        return size;
    }

    @Override
    public byte[] key() {
        return data.key;
    }

    @Override
    public long deadline() {
        owner.expectOpen();
        return data.deadline;
    }

    @Override
    public void setDeadline(long deadline) {
        if (deadline < data.deadline) {
            throw new IllegalArgumentException("the deadline of key " + Printable.text(data.key) + " is "
                    + data.deadline + " and cannot go back to " + deadline);
        }
        if (deadline != data.deadline) {
            owner.changing(this);
            data.deadline = deadline;
        }
    }

    @Override
    public long due() {
        owner.expectOpen();
        return data.due;
    }

    @Override
    public void setDue(long due) {
        if (due != data.due) {
            owner.changing(this);
            owner.moveDue(this, due);
            data.due = due;
        }
    }

    @Override
    public Optional<byte[]> entry(byte[] name) {
        owner.expectOpen();
        return Optional.ofNullable(data.entries.get(name));
    }

    @Override
    public void setEntry(byte[] name, byte[] value) {
        owner.changing(this);
        changedNames.add(name);
        data.entries.put(name, value);
    }

    @Override
    public void removeEntry(byte[] name) {
        if (data.entries.containsKey(name)) {
            owner.changing(this);
            changedNames.add(name);
            data.entries.remove(name);
        }
    }

    @Override
    public Iterable<Map.Entry<byte[], byte[]>> entries() {
        owner.expectOpen();
        return data.entries.entrySet();
    }

    @Override
    @SuppressWarnings("unchecked") // a task derives one kind of view from its keys
    public <T> T view(Function<KeyState, T> derive) {
        owner.expectOpen();
        if (view == null) {
            view = derive.apply(this);
        }
        return (T) view;
    }
}
