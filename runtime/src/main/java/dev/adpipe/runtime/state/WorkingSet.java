package dev.adpipe.runtime.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;

/** The keys that one transaction has looked at, and what it has changed of them. Used by the task's thread. */
final class WorkingSet {
    private enum Phase {
        /** The task reads and changes. */
        OPEN,
        /** The changes are being written to the changelog. */
        FROZEN,
        /** Committed or aborted. */
        ENDED
    }

    private final StateStore store;
    private final Map<Bytes, Slot> slots = new HashMap<>();
    private final List<Slot> changed = new ArrayList<>();
    /** Due times of the changed keys that live; what the store's index says of these is out of date. */
    private final NavigableSet<OrderedKey> changedDues = new TreeSet<>();

    private Phase phase = Phase.OPEN;
    private long births;
    private long growth;

    WorkingSet(StateStore store) {
        this.store = store;
        this.births = store.progress().task().births();
    }

    Optional<KeyState> get(byte[] key) {
        expectOpen();
        return Optional.ofNullable(slot(key).live);
    }

    KeyState create(byte[] key) {
        expectChangeable();
        Slot slot = slot(key);
        if (slot.live != null) {
            throw new IllegalStateException("key " + Printable.text(key) + " lives and cannot be created");
        }
        note(slot);
        births++;
        growth++;
        slot.live = new LiveKey(this, slot, KeyData.born(key, births));
        changedDues.add(due(slot.live));
        return slot.live;
    }

    void remove(KeyState key) {
        if (!(key instanceof LiveKey live)) {
            throw new IllegalArgumentException("not a key of this state: " + key);
        }
        changing(live);
        changedDues.remove(due(live));
        live.slot().live = null;
        growth--;
    }

    Optional<KeyState> firstDue(long upTo) {
        expectOpen();
        Optional<OrderedKey> stored = store.dueIndex().first(upTo, this::isChanged);
        OrderedKey first = changedDues.isEmpty() ? null : changedDues.first();
        if (stored.isPresent() && (first == null || stored.get().compareTo(first) < 0)) {
            first = stored.get();
        }
        if (first == null || first.order() > upTo) {
            return Optional.empty();
        }
        Slot slot = slot(first.key());
        if (slot.live == null) {
            store.require(first);
        }
        return Optional.ofNullable(slot.live);
    }

    /** Before a live key changes for whatever reason. */
    void changing(LiveKey live) {
        expectChangeable();
        Slot slot = live.slot();
        if (slot.live != live) {
            throw new IllegalStateException(
                    "key " + Printable.text(slot.key) + " was removed before; this life of it cannot change any more");
        }
        if (!slot.changed) {
            changedDues.add(due(live));
            note(slot);
        }
    }

    void moveDue(LiveKey live, long due) {
        changedDues.remove(due(live));
        changedDues.add(new OrderedKey(due, live.key()));
    }

    /** A key that is not changed, and was perhaps not looked at yet; null if it does not live. */
    Slot slot(byte[] key) {
        Bytes wrapped = Bytes.wrap(key);
        Slot slot = slots.get(wrapped);
        if (slot == null) {
            Optional<StateStore.StoredKey> stored = store.get(key);
            slot = new Slot(key, stored.map(StateStore.StoredKey::header).orElse(null));
            if (stored.isPresent()) {
                slot.live = new LiveKey(this, slot, stored.get().data());
            }
            slots.put(wrapped, slot);
        }
        return slot;
    }

    boolean isChanged(byte[] key) {
        Slot slot = slots.get(Bytes.wrap(key));
        return slot != null && slot.changed;
    }

    /** Changed keys, in the order of their first change. */
    List<Slot> changed() {
        return changed;
    }

    long births() {
        return births;
    }

    /** Keys born less keys gone. */
    long growth() {
        return growth;
    }

    void freeze() {
        expectChangeable();
        phase = Phase.FROZEN;
    }

    /** Nothing of it may be used any more. */
    void end() {
        phase = Phase.ENDED;
        store.dueIndex().rewind();
    }

    void expectOpen() {
        if (phase == Phase.ENDED) {
            throw new IllegalStateException("a key's state is used after the end of the transaction it was read in");
        }
    }

    private void expectChangeable() {
        expectOpen();
        if (phase == Phase.FROZEN) {
            throw new IllegalStateException("a key is changed while its transaction is being committed");
        }
    }

    private void note(Slot slot) {
        if (!slot.changed) {
            slot.changed = true;
            changed.add(slot);
        }
    }

    private static OrderedKey due(LiveKey live) {
        return new OrderedKey(live.data().due, live.key());
    }
}
