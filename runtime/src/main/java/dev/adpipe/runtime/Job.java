package dev.adpipe.runtime;

import java.util.Optional;

/**
 * What a container runs: a factory of tasks, one for each input partition.
 *
 * <p>Called by the container's thread only.
 */
public interface Job {

    /**
     * Makes the task of one input partition, as of its last commit. Called when the partition is assigned and restored,
     * and again after every abort: whatever the former task knew beyond its metadata and its state is to be forgotten.
     *
     * @throws RefusedException if it cannot go on with what the former task has committed; it ends the container
     */
    Task open(TaskContext context);

    /** Whether {@link #tick} is to be called; asking the broker how far each input goes has its price. */
    default boolean ticks() {
        return false;
    }

    /**
     * Called once per {@link PipelineSettings#tickInterval()} while the container has tasks, between records. What is
     * sent here is committed together with the offsets of <em>all</em> the container's input partitions, so that a
     * zombie's is fenced.
     */
    default void tick(TickContext context, Collector out) {}

    /** Says, once and before its first task, what there is to see of it in the metrics. */
    default void declare(Measures measures) {}

    /**
     * Why the job cannot do its work yet, for a person: a lookup that is still being loaded, for instance. Asked once per
     * turn of the loop; it changes what the process says of its readiness, nothing else.
     */
    default Optional<String> whyNotReady() {
        return Optional.empty();
    }

    /** Ends what the job holds for all its tasks; called once, after the last task is gone. */
    default void close() {}
}
