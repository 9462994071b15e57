package dev.adpipe.testkit;

import dev.adpipe.runtime.state.ChangelogRecord;
import dev.adpipe.runtime.state.TaskState;
import java.util.ArrayList;
import java.util.List;

/** A changelog partition in memory: aborted records and transaction markers take offsets, too. */
final class MemoryChangelog {
    private final List<ChangelogEntry> committed = new ArrayList<>();
    private long end;
    private long start;

    /** Writes one transaction's records and its marker. */
    long[] append(List<ChangelogRecord> records, boolean commit) {
        long[] offsets = new long[records.size()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = end++;
            if (commit) {
                ChangelogRecord record = records.get(i);
                committed.add(new ChangelogEntry(offsets[i], record.key(), record.value()));
            }
        }
        if (offsets.length > 0) {
            end++;
        }
        return offsets;
    }

    /** From here on; what lies before can still be listed, but not be restored from. */
    void deleteBefore(long offset) {
        start = Math.max(start, offset);
    }

    List<ChangelogEntry> committed() {
        return List.copyOf(committed);
    }

    void restore(TaskState state) {
        if (state.position() < start) {
            if (state.position() > 0) {
                throw new AssertionError("the local state is at " + state.position() + ", but the changelog begins at "
                        + start + ": low-water moved past a committed position");
            }
        }
        long from = Math.max(start, state.position());
        for (ChangelogEntry entry : committed) {
            if (entry.offset() >= from) {
                state.restore(entry.offset(), entry.key(), entry.value());
            }
        }
        state.restoredTo(end);
    }
}
