package dev.adpipe.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a container is told at its start.
 *
 * @param customer           label of metrics
 * @param pipeline           label of metrics
 * @param stage              {@code shuffle}, {@code join} or {@code output}
 * @param prefix             {@code <customer>.<pipeline>}; group, ids and folders begin with it
 * @param instance           name of this process among those of its stage, stable over restarts
 * @param number             number of this container in its process, from 0
 * @param inputs             topics to read
 * @param inputsMayGrow      whether a new, highest partition of an input may be read from offset 0 (raw topics only)
 * @param outputs            topics written to, with the number of partitions each must have
 * @param deadLetterTopic    topic of dead letters
 * @param changelog          topic of state changes, with the same number of partitions as the input; empty: no state
 * @param kafka              properties for all Kafka clients, those the runtime owns excepted
 * @param commitInterval     time between commits
 * @param tickInterval       time between ticks
 * @param sessionTimeout     of the consumer group
 * @param transactionTimeout of the producer
 * @param stateDir           folder of local state of all pipelines on this machine
 * @param stateMemoryBytes   cap of RocksDB's memory in this process
 * @param maxRecordBytes     a dead letter's value is shortened beyond this
 */
public record ContainerSettings(
        String customer,
        String pipeline,
        String stage,
        String prefix,
        String instance,
        int number,
        List<String> inputs,
        boolean inputsMayGrow,
        Map<String, Integer> outputs,
        String deadLetterTopic,
        Optional<String> changelog,
        Map<String, String> kafka,
        Duration commitInterval,
        Duration tickInterval,
        Duration sessionTimeout,
        Duration transactionTimeout,
        Path stateDir,
        long stateMemoryBytes,
        int maxRecordBytes) {

    public ContainerSettings {
        inputs = List.copyOf(inputs);
        outputs = Map.copyOf(outputs);
        kafka = Map.copyOf(kafka);
    }

    /** The consumer group of the stage. */
    public String group() {
        return prefix + "-" + stage;
    }

    /** Both {@code group.instance.id} and {@code transactional.id}. */
    public String id() {
        return prefix + "-" + stage + "-" + instance + "-" + number;
    }
}
