package dev.adpipe.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one container is told at its start.
 *
 * @param pipeline        what it shares with all containers of its pipeline
 * @param stage           {@code shuffle}, {@code join} or {@code output}
 * @param instance        name of this process among those of its stage, stable over restarts
 * @param number          number of this container in its process, from 0
 * @param inputs          topics to read
 * @param inputsMayGrow   whether a new, highest partition of an input may be read from offset 0 (raw topics only)
 * @param outputs         topics written to, dead letters and changelog not among them, with the number of partitions
 *                        each must have
 * @param deadLetterTopic topic of dead letters
 * @param changelog       topic of state changes, with as many partitions as the input; empty: the tasks have no state
 */
public record ContainerSettings(
        PipelineSettings pipeline,
        String stage,
        String instance,
        int number,
        List<String> inputs,
        boolean inputsMayGrow,
        Map<String, Integer> outputs,
        String deadLetterTopic,
        Optional<String> changelog) {

    public ContainerSettings {
        inputs = List.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }

    /** The consumer group of the stage. */
    public String group() {
        return pipeline.prefix() + "-" + stage;
    }

    /** The {@code transactional.id} and, of a static member, the {@code group.instance.id}. */
    public String id() {
        return group() + "-" + instance + "-" + number;
    }

    /** Whether its partitions are given away as soon as it is gone, see {@link PipelineSettings#standbys()}. */
    boolean dynamicMember() {
        return pipeline.standbys() > 0;
    }
}
