package dev.adpipe.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What all containers of one pipeline share.
 *
 * @param customer           label of metrics
 * @param name               label of metrics
 * @param kafka              properties for all Kafka clients; those that the runtime owns are refused
 * @param commitInterval     time between commits
 * @param tickInterval       time between ticks
 * @param sessionTimeout     of the consumer group
 * @param transactionTimeout of the producer
 * @param stateDir           folder of local state of all pipelines on this machine
 * @param stateMemoryBytes   cap of RocksDB's memory in this process
 * @param maxRecordBytes     a dead letter's value is shortened beyond this
 * @param metricsPort        of {@code /metrics}; 0: none
 * @param standbys           warm copies of each task with state, beside its owner's. With any, members of all stages are
 *                           dynamic, so that their partitions are given away within seconds; with none, they are static
 */
public record PipelineSettings(
        String customer,
        String name,
        Map<String, String> kafka,
        Duration commitInterval,
        Duration tickInterval,
        Duration sessionTimeout,
        Duration transactionTimeout,
        Path stateDir,
        long stateMemoryBytes,
        int maxRecordBytes,
        int metricsPort,
        int standbys) {

    public PipelineSettings {
        kafka = Map.copyOf(kafka);
    }

    /** Without standbys. */
    public PipelineSettings(
            String customer,
            String name,
            Map<String, String> kafka,
            Duration commitInterval,
            Duration tickInterval,
            Duration sessionTimeout,
            Duration transactionTimeout,
            Path stateDir,
            long stateMemoryBytes,
            int maxRecordBytes,
            int metricsPort) {
        this(
                customer,
                name,
                kafka,
                commitInterval,
                tickInterval,
                sessionTimeout,
                transactionTimeout,
                stateDir,
                stateMemoryBytes,
                maxRecordBytes,
                metricsPort,
                0);
    }

    /** {@code <customer>.<pipeline>}: topics, groups, ids and folders begin with it. */
    public String prefix() {
        return customer + "." + name;
    }

    /** Never prints the values of client properties: they may be secrets. */
    @Override
    public String toString() {
        return "PipelineSettings[" + prefix() + "]";
    }
}
