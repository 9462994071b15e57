package dev.adpipe.local;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;

/** How far the watermark of each partition of a join has come, and with which record. Thread-safe. */
final class ReplayWatermarks {
    private final Map<Integer, Mark> marks = new ConcurrentHashMap<>();

    private record Mark(long watermark, long nextOffset) {}

    private final Set<Integer> busy = ConcurrentHashMap.newKeySet();

    /** Whether a partition has decisions before it that are due already. */
    void busy(int partition, boolean now) {
        if (now) {
            busy.add(partition);
        } else {
            busy.remove(partition);
        }
    }

    boolean anyBusy() {
        return !busy.isEmpty();
    }

    void note(int partition, long watermark, long nextOffset) {
        marks.put(partition, new Mark(watermark, nextOffset));
    }

    /**
     * Whether every partition is beyond a time, and what brought it there is committed.
     *
     * @param committed the committed offset of a partition
     */
    boolean passed(int partitions, long time, IntToLongFunction committed) {
        if (anyBusy() || marks.size() < partitions || slowest().orElse(Long.MIN_VALUE) <= time) {
            return false;
        }
        return marks.entrySet().stream()
                .allMatch(e -> committed.applyAsLong(e.getKey()) >= e.getValue().nextOffset());
    }

    /** Of the partition that is furthest back; empty if one has no watermark, or none was looked at. */
    OptionalLong slowest() {
        OptionalLong least = marks.values().stream().mapToLong(Mark::watermark).min();
        return least.isPresent() && least.getAsLong() == Long.MIN_VALUE ? OptionalLong.empty() : least;
    }
}
