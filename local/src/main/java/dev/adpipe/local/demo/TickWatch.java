package dev.adpipe.local.demo;

import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells from shuffle's ticks when the watermark of every join task has started: when each shuffled partition has carried
 * an event time not before the demo's start from every raw partition. What is written to a raw topic after that comes
 * after those ticks, so an event that is older than the start by more than all windows is late without doubt.
 *
 * <p>Pure; used by one thread.
 */
final class TickWatch {
    /** Impressions are stamped a little before they are made. */
    private static final long TOLERANCE = 60_000;

    private final long start;
    private final int rawPartitions;
    private final int shuffledPartitions;
    private final Map<Integer, Set<TopicPartition>> known = new HashMap<>();

    /**
     * @param rawPartitions of all raw topics together
     */
    TickWatch(long start, int rawPartitions, int shuffledPartitions) {
        this.start = start;
        this.rawPartitions = rawPartitions;
        this.shuffledPartitions = shuffledPartitions;
    }

    void accept(int shuffledPartition, ProgressTick tick) {
        for (RawPartition raw : tick.partitions()) {
            if (raw.highestEventTime().isPresent() && raw.highestEventTime().getAsLong() >= start - TOLERANCE) {
                known.computeIfAbsent(shuffledPartition, p -> new HashSet<>())
                        .add(new TopicPartition(raw.topic(), raw.partition()));
            }
        }
    }

    boolean started() {
        return known.size() == shuffledPartitions
                && known.values().stream().allMatch(raw -> raw.size() == rawPartitions);
    }
}
