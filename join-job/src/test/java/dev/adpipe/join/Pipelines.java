package dev.adpipe.join;

import dev.adpipe.schemas.definition.JoinSettings;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.JoinSettings.Orphans;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions for tests, times in milliseconds. */
final class Pipelines {
    private final List<StreamDefinition> streams = new ArrayList<>();
    private long skew = 10;
    private long lateness;
    private Orphans orphans = Orphans.DROP;
    private int maxEventsPerKey = 100;
    private long maxKeyLife = 1_000_000;
    private int maxRecordBytes = 1 << 20;

    /** One topic {@code raw.<name>} with one partition. */
    Pipelines stream(String name, long within) {
        return add(name, within, false, false);
    }

    Pipelines optional(String name, long within) {
        return add(name, within, true, false);
    }

    Pipelines firstOnly(String name, long within) {
        return add(name, within, false, true);
    }

    Pipelines add(String name, long within, boolean optional, boolean firstOnly) {
        streams.add(new StreamDefinition(
                name,
                List.of("raw." + name),
                new PayloadFormat.Json(),
                List.of(),
                List.of(),
                null,
                Optional.empty(),
                Duration.ofMillis(within),
                optional,
                firstOnly,
                Start.EARLIEST));
        return this;
    }

    Pipelines skew(long millis) {
        skew = millis;
        return this;
    }

    Pipelines lateness(long millis) {
        lateness = millis;
        return this;
    }

    Pipelines emitOrphans() {
        orphans = Orphans.EMIT;
        return this;
    }

    Pipelines maxEventsPerKey(int count) {
        maxEventsPerKey = count;
        return this;
    }

    /** So small that records of several events are split. */
    Pipelines maxRecordBytes(int bytes) {
        maxRecordBytes = bytes;
        return this;
    }

    Pipelines maxKeyLife(long millis) {
        maxKeyLife = millis;
        return this;
    }

    PipelineDefinition definition() {
        return definition(Emit.EAGER);
    }

    PipelineDefinition definition(Emit emit) {
        return new PipelineDefinition(
                Path.of("acme.conf"),
                "acme",
                "ads",
                Map.of("bootstrap.servers", "localhost:9092"),
                streams,
                new ShuffleSettings(
                        12, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5), maxRecordBytes),
                new JoinSettings(
                        emit,
                        Duration.ofMillis(lateness),
                        Duration.ofMillis(skew),
                        orphans,
                        maxEventsPerKey,
                        Duration.ofMillis(maxKeyLife),
                        Duration.ofHours(1)),
                null,
                new RuntimeSettings(
                        Duration.ofMillis(200),
                        Path.of("state"),
                        1 << 20,
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(60),
                        0));
    }

    /** The same definition with another emit. */
    static PipelineDefinition with(PipelineDefinition d, Emit emit) {
        JoinSettings j = d.join();
        JoinSettings join = new JoinSettings(
                emit, j.lateness(), j.skew(), j.orphans(), j.maxEventsPerKey(), j.maxKeyLife(), j.firstEventTimeout());
        return new PipelineDefinition(
                d.source(), d.customer(), d.name(), d.kafka(), d.streams(), d.shuffle(), join, d.output(), d.runtime());
    }
}
