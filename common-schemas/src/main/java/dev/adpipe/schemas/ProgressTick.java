package dev.adpipe.schemas;

import java.util.List;
import java.util.OptionalLong;

/**
 * How far one shuffle container has come in each of its raw partitions. See {@code progress-tick.avsc}.
 *
 * @param clock the container's clock, milliseconds since the epoch
 */
public record ProgressTick(String container, long clock, List<RawPartition> partitions) {
    public ProgressTick {
        partitions = List.copyOf(partitions);
    }

    /**
     * @param partitionCount        partitions of the topic, all containers together
     * @param highestEventTime      highest event time sent, capped by the clock; empty before the first event
     * @param millisSinceLastRecord by the container's clock
     * @param idle                  caught up and without a record for {@code idle-after}
     */
    public record RawPartition(
            String topic,
            int partition,
            int partitionCount,
            OptionalLong highestEventTime,
            long millisSinceLastRecord,
            boolean idle) {}
}
