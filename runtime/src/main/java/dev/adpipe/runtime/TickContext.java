package dev.adpipe.runtime;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * A container's tasks at the moment of a tick.
 *
 * @param containerId the container's name, unique in its stage
 * @param clock       milliseconds since the epoch, the same for the whole tick
 * @param inputs      every running task of this container
 */
public record TickContext(String containerId, long clock, List<Input> inputs) {
    public TickContext {
        inputs = List.copyOf(inputs);
    }

    /**
     * @param partitionCount partitions of the input topic, all containers together
     * @param caughtUp       whether the task has processed all that its partition held just now, open transactions
     *                       included; false while that is unknown
     */
    public record Input(TopicPartition partition, int partitionCount, boolean caughtUp, Task task) {}
}
