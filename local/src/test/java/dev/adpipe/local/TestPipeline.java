package dev.adpipe.local;

import dev.adpipe.schemas.definition.JoinSettings;
import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Definitions of a small pipeline: impressions and clicks, JSON, three partitions. */
final class TestPipeline {
    private TestPipeline() {}

    /** Named after the test, so that tests may share a broker. */
    static PipelineDefinition of(EmbeddedKafka kafka, String name) {
        return of(kafka, name, 3, StreamDefinition.Start.EARLIEST);
    }

    static PipelineDefinition of(EmbeddedKafka kafka, String name, int partitions, StreamDefinition.Start start) {
        return new PipelineDefinition(
                Path.of(name + ".conf"),
                "acme",
                name,
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                List.of(
                        stream("impression", name + ".impressions", "imp_id", Duration.ZERO, start),
                        stream("click", name + ".clicks", "click_id", Duration.ofHours(1), start)),
                new ShuffleSettings(
                        partitions, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMinutes(5), 1 << 20),
                new JoinSettings(
                        JoinSettings.Emit.EAGER,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        JoinSettings.Orphans.DROP,
                        1000,
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
                        64 << 20,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(10),
                        0));
    }

    /** The same as a file, read as a user's is. */
    static Path file(Path dir, String name, String bootstrap) {
        try {
            return Files.writeString(
                    dir.resolve(name + ".conf"), """
                    pipeline {
                      customer = acme
                      name = NAME
                      kafka.bootstrap.servers = "BOOTSTRAP"
                      streams = [
                        { name = impression, topics = [NAME.impressions], format = json, key = imp_id, event-id = imp_id
                          time { field = timestamp, format = iso-8601 } }
                        { name = click, topics = [NAME.clicks], format = json, key = imp_id, event-id = click_id
                          time { field = timestamp, format = iso-8601 }, within = 1h }
                      ]
                      shuffle { partitions = 3, max-record-bytes = 64KiB }
                      output.metrics.impressions { on = impression, value = 1 }
                    }
                    """.replace("NAME", name).replace("BOOTSTRAP", bootstrap));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StreamDefinition stream(
            String name, String topic, String id, Duration within, StreamDefinition.Start start) {
        return new StreamDefinition(
                name,
                List.of(topic),
                new PayloadFormat.Json(),
                List.of(FieldPath.parse("imp_id")),
                List.of(FieldPath.parse(id)),
                new StreamDefinition.TimeField(FieldPath.parse("timestamp"), StreamDefinition.TimeFormat.ISO_8601),
                Optional.empty(),
                within,
                false,
                false,
                start);
    }
}
