package dev.adpipe.shuffle;

import dev.adpipe.schemas.definition.JoinSettings;
import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.Start;
import dev.adpipe.schemas.definition.StreamDefinition.TimeField;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.definition.StreamDefinition.Where;
import dev.adpipe.schemas.payload.FieldPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions for tests: 4 partitions, idle after 10 s, at most 5 min ahead, at most 1,000 bytes. */
final class Definitions {
    static final int PARTITIONS = 4;

    private Definitions() {}

    static PipelineDefinition of(StreamDefinition... streams) {
        return new PipelineDefinition(
                Path.of("test.conf"),
                "acme",
                "ads",
                Map.of("bootstrap.servers", "localhost:9092"),
                List.of(streams),
                new ShuffleSettings(
                        PARTITIONS, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(5), 1_000),
                new JoinSettings(
                        JoinSettings.Emit.EAGER,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        JoinSettings.Orphans.DROP,
                        1_000,
                        Duration.ofDays(1),
                        Duration.ofHours(1)),
                new OutputSettings(
                        OutputSettings.RowTime.EVENT,
                        List.of(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        new OutputSettings.Sink.Topic()),
                new RuntimeSettings(
                        Duration.ofMillis(100),
                        Path.of("state"),
                        1 << 20,
                        Duration.ofSeconds(45),
                        Duration.ofSeconds(60),
                        0));
    }

    /** Key {@code imp_id}, id {@code click_id}, time {@code ts} in milliseconds, JSON, topic {@code raw}. */
    static StreamDefinition clicks() {
        return stream(
                "click", new PayloadFormat.Json(), "imp_id", "click_id", TimeFormat.EPOCH_MILLIS, Optional.empty());
    }

    /**
     * @param key   paths joined by commas
     * @param where {@code field=value}
     */
    static StreamDefinition stream(
            String name, PayloadFormat format, String key, String id, TimeFormat time, Optional<String> where) {
        return new StreamDefinition(
                name,
                List.of("raw"),
                format,
                paths(key),
                paths(id),
                new TimeField(FieldPath.parse("ts"), time),
                where.map(w -> w.split("=", 2)).map(w -> new Where(FieldPath.parse(w[0]), w[1])),
                Duration.ofHours(1),
                false,
                false,
                Start.EARLIEST);
    }

    /** The same, split into the elements of an array. */
    static StreamDefinition forEach(String array, StreamDefinition stream) {
        return new StreamDefinition(
                stream.name(),
                stream.topics(),
                stream.format(),
                stream.key(),
                stream.eventId(),
                stream.time(),
                stream.where(),
                stream.within(),
                stream.optional(),
                stream.firstOnly(),
                stream.start(),
                Optional.of(FieldPath.parse(array)));
    }

    private static List<FieldPath> paths(String text) {
        return Arrays.stream(text.split(",")).map(FieldPath::parse).toList();
    }
}
