package dev.adpipe.schemas.definition;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The block {@code runtime}: what every container of the pipeline does alike.
 *
 * @param commitInterval     time between commits; the latency of one stage is about this
 * @param stateDir           folder of local state; one sub-folder per pipeline, instance and task
 * @param stateMemoryBytes   cap of RocksDB's memory in one process, write buffers and cache together
 * @param sessionTimeout     how long a container may be gone before its partitions are given away
 * @param transactionTimeout how long a dead container's open transaction may hold up its readers
 * @param metricsPort        port of {@code /metrics}; 0: none
 */
public record RuntimeSettings(
        Duration commitInterval,
        Path stateDir,
        long stateMemoryBytes,
        Duration sessionTimeout,
        Duration transactionTimeout,
        int metricsPort) {

    RuntimeSettings withoutMetrics() {
        return new RuntimeSettings(commitInterval, stateDir, stateMemoryBytes, sessionTimeout, transactionTimeout, 0);
    }
}
