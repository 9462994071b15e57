package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What the containers of one process share: the metrics' registry and the cap on RocksDB's memory. Close it after the last
 * container has ended.
 */
public record ProcessResources(MeterRegistry meters, RocksMemory memory) implements AutoCloseable {
    @Override
    public void close() {
        memory.close();
        meters.close();
    }
}
