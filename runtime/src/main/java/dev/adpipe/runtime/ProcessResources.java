package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What the containers of one process share: the metrics' registry, the cap on RocksDB's memory, and where they say how they
 * are. Close it after the last container has ended.
 */
public final class ProcessResources implements AutoCloseable {
    private final MeterRegistry meters;
    private final RocksMemory memory;
    private final Health health = new Health();

    public ProcessResources(MeterRegistry meters, RocksMemory memory) {
        this.meters = meters;
        this.memory = memory;
    }

    MeterRegistry meters() {
        return meters;
    }

    RocksMemory memory() {
        return memory;
    }

    Health health() {
        return health;
    }

    @Override
    public void close() {
        memory.close();
        meters.close();
    }
}
