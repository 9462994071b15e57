package dev.adpipe.runtime.state;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Turns the changes of one transaction into changelog records, and chooses what is carried forward with them. */
final class TransactionRecords {
    private final StateStore store;
    private final WorkingSet working;
    private final TaskRecord task;
    private final CarryForward plan;
    private final ChangelogWriter out = new ChangelogWriter();

    TransactionRecords(StateStore store, WorkingSet working, TaskRecord task) {
        this.store = store;
        this.working = working;
        this.task = task;
        long changedBytes = 0;
        for (Slot slot : working.changed()) {
            changedBytes += slot.live == null ? 0 : slot.live.changedSize();
        }
        Progress progress = store.progress();
        plan = CarryForward.plan(
                progress.position(), progress.liveKeys(), working.changed().size(), changedBytes);
    }

    List<ChangelogRecord> records() {
        return out.records();
    }

    /**
     * Writes all but the task's own record.
     *
     * @return keys that are carried forward without being changed
     */
    List<Slot> write() {
        expectDecided();
        Set<Slot> old = chooseOld();
        for (Slot slot : working.changed()) {
            if (slot.live != null) {
                expectValid(slot.live.data());
                if (old.contains(slot) || !slot.continues()) {
                    slot.fullAt = out.full(slot.live.data());
                } else {
                    out.delta(slot.live.data(), slot.live.changedNames());
                }
            }
        }
        for (Slot slot : working.changed()) {
            if (slot.live == null && slot.base != null && !task.covers(slot.base.deadline(), slot.key)) {
                out.close(slot.key, slot.base.birth());
            }
        }
        List<Slot> carried = new ArrayList<>();
        for (Slot slot : old) {
            if (!slot.changed) {
                slot.fullAt = out.full(slot.live.data());
                carried.add(slot);
            }
        }
        return carried;
    }

    /** Whether the task's own record is due although the task did not change it itself. */
    boolean needTask() {
        long offset = store.progress().taskOffset();
        return !out.records().isEmpty() || !working.changed().isEmpty() || (offset >= 0 && plan.tooOld(offset));
    }

    int writeTask() {
        return out.task(task);
    }

    private Set<Slot> chooseOld() {
        Set<Slot> old = new LinkedHashSet<>();
        long[] bytes = {0};
        store.ageIndex().walk(entry -> {
            if (!plan.tooOld(entry.order()) || !plan.room(old.size(), bytes[0])) {
                return false;
            }
            Slot slot = working.slot(entry.key());
            if (slot.base == null) {
                store.require(entry);
            }
            if (slot.live != null && slot.continues()) {
                old.add(slot);
                bytes[0] += slot.base.size();
            }
            return true;
        });
        return old;
    }

    private void expectValid(KeyData data) {
        if (data.deadline == KeyData.UNSET || data.due == KeyData.UNSET) {
            throw new IllegalStateException(
                    "key " + Printable.text(data.key) + " was created without a deadline or without a due time");
        }
        if (data.due > data.deadline) {
            throw new IllegalStateException("key " + Printable.text(data.key) + " is due at " + data.due
                    + ", after its deadline " + data.deadline);
        }
        if (task.covers(data.deadline, data.key)) {
            throw new IllegalStateException(
                    "key " + Printable.text(data.key) + " lives, but its deadline " + data.deadline
                            + " is covered by the cursor " + task.cursor().orElseThrow());
        }
    }

    /** The first key that the cursor has passed and this transaction left alone must have a later deadline. */
    private void expectDecided() {
        task.cursor()
                .flatMap(cursor -> store.dueIndex()
                        .first(cursor.order(), working::isChanged)
                        .filter(first -> first.atOrBefore(cursor)))
                .ifPresent(passed -> expectValid(store.require(passed).data()));
    }
}
