package dev.adpipe.output;

import dev.adpipe.output.push.PushSettings;
import dev.adpipe.output.push.PushTarget;
import dev.adpipe.runtime.Measures;
import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.Sink.Tranquility;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.TranquilitySettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where rows are pushed to, outside of Kafka; shared by the tasks of a job. Its counts are of what the receiver answered:
 * rows pushed again after an abort or a restart count again. They may be read by any thread, the rest is the container's.
 */
final class PushSink implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PushSink.class);

    private final String datasource;
    private final TranquilitySettings settings;
    private final PushTarget target;
    private final AutoCloseable plugin;
    private final LongAdder sent = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private long awaySince;

    /**
     * @param plugin closed after the target
     */
    PushSink(Tranquility sink, PushTarget target, AutoCloseable plugin) {
        this.datasource = sink.datasource();
        this.settings = sink.tranquility();
        this.target = target;
        this.plugin = plugin;
    }

    /**
     * @throws IllegalArgumentException if there is no plugin, or it does not take the settings
     */
    static PushSink connect(PipelineDefinition definition) {
        Tranquility sink = (Tranquility) definition.output().sink();
        PluginFolder plugin = new PluginFolder(sink.tranquility().pluginDir());
        try {
            return new PushSink(sink, plugin.connect(pushed(sink, definition.output())), plugin);
        } catch (RuntimeException e) {
            plugin.close();
            throw e;
        }
    }

    private static PushSettings pushed(Tranquility sink, OutputSettings output) {
        TranquilitySettings t = sink.tranquility();
        return new PushSettings(
                sink.datasource(),
                t.zookeeper(),
                t.discoveryPath(),
                t.overlord(),
                t.segmentGranularity().name(),
                t.queryGranularity().name(),
                t.rollup(),
                t.windowPeriod(),
                t.partitions(),
                t.replicants(),
                Row.TIME,
                output.dimensions().stream().map(d -> d.name()).toList(),
                metrics(output, ValueType.LONG),
                metrics(output, ValueType.DOUBLE),
                t.properties());
    }

    /** The count of events is a sum, too. */
    private static List<String> metrics(OutputSettings output, ValueType type) {
        return Stream.concat(
                        output.metrics().stream().filter(m -> m.type() == type).map(Metric::name),
                        type == ValueType.LONG ? output.rowCount().stream() : Stream.empty())
                .toList();
    }

    PushTarget target() {
        return target;
    }

    void declare(Measures measures) {
        String help = "rows by what the receiver answered; failed ones are pushed again";
        measures.counter("push.rows", help, "outcome", "sent", sent::sum);
        measures.counter("push.rows", help, "outcome", "dropped", dropped::sum);
        measures.counter("push.rows", help, "outcome", "failed", failed::sum);
    }

    void failed(PushedRow row) {
        failed.increment();
        if (awaySince == 0) {
            awaySince = System.nanoTime();
            log.warn("Rows of datasource {} wait, Tranquility cannot deliver them: {}", datasource, row.failure());
        }
    }

    /** Counts a row that is settled. */
    void count(PushedRow row) {
        if (row.wasDropped()) {
            dropped.increment();
            return;
        }
        sent.increment();
        if (awaySince != 0) {
            log.info(
                    "Rows of datasource {} are delivered again after {} s",
                    datasource,
                    Duration.ofNanos(System.nanoTime() - awaySince).toSeconds());
            awaySince = 0;
        }
    }

    /** For the dead letter of a record with dropped rows. */
    String explain(List<PushedRow> droppedRows, int rows, long now) {
        long time = droppedRows.get(0).time();
        return "Tranquility dropped " + droppedRows.size() + " of " + rows + " rows of the record for datasource "
                + datasource + ", the first of the time " + Instant.ofEpochMilli(time) + ", at "
                + Instant.ofEpochMilli(now) + "; it takes rows up to window-period " + settings.windowPeriod()
                + " before and after the clock, in whole segments of " + settings.segmentGranularity()
                + "; inside of that, Druid's tasks were gone or did not take it in time";
    }

    @Override
    public void close() {
        target.close();
        try {
            plugin.close();
        } catch (Exception e) {
            log.warn("The plugin of datasource {} did not close cleanly: {}", datasource, e.toString());
        }
    }
}
