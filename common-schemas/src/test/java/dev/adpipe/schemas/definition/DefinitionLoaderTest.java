package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.JoinSettings.Orphans;
import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import dev.adpipe.schemas.definition.OutputSettings.RowTime;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import dev.adpipe.schemas.definition.StreamDefinition.Start;
import dev.adpipe.schemas.definition.StreamDefinition.TimeField;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.payload.FieldPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionLoaderTest {
    /** The example of DESIGN section 8, as it stands there. */
    private static final String DESIGN_EXAMPLE = """
            pipeline {
              customer = acme
              name     = ads
              kafka.bootstrap.servers = "localhost:9092"        # other kafka-clients properties may stand under kafka
              streams = [
                { name = impression, topics = ["acme.raw.impressions"], format = json
                  key = imp_id, event-id = imp_id, time = { field = timestamp, format = iso-8601 } }
                { name = click, topics = ["acme.raw.clicks"], format = json
                  key = imp_id, event-id = click_id, time = { field = timestamp, format = iso-8601 }
                  within = 1h }
              ]
              shuffle { partitions = 12, tick-interval = 1s }
              join    { emit = eager, lateness = 5m, skew = 1m }
              output {
                time = event                                     # or root: rows under the impression's time
                dimensions {
                  campaign_id = { field = impression.campaign }
                  item        = { field = impression.item_id, lookup = items, default = unknown }
                  position    = { field = impression.position }
                }
                metrics {
                  impressions = { on = impression, value = 1 }
                  clicks      = { on = click, value = 1 }
                }
                lookups.items = { type = file, path = "items.csv", key = item_id, value = item_name }
                sink { type = druid-kafka, datasource = acme_ads, overlord = "http://localhost:8081" }
              }
            }
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void files() throws IOException {
        file = folder.resolve("acme.conf");
        Files.writeString(folder.resolve("items.csv"), "item_id,item_name\n1,Shoes\n");
    }

    @Test
    void theExampleOfTheDesignLoads() throws IOException {
        Files.writeString(file, DESIGN_EXAMPLE);
        PipelineDefinition definition = DefinitionLoader.load(file);

        assertThat(definition.source()).isEqualTo(file);
        assertThat(definition.customer()).isEqualTo("acme");
        assertThat(definition.name()).isEqualTo("ads");
        assertThat(definition.kafka()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(definition.streams())
                .containsExactly(
                        stream("impression", "acme.raw.impressions", "imp_id", Duration.ZERO),
                        stream("click", "acme.raw.clicks", "click_id", Duration.ofHours(1)));
        assertThat(definition.shuffle())
                .isEqualTo(new ShuffleSettings(
                        12, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5), 1024 * 1024));
        assertThat(definition.join())
                .isEqualTo(new JoinSettings(
                        Emit.EAGER,
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Orphans.DROP,
                        1000,
                        Duration.ofMinutes(122),
                        Duration.ofHours(1)));
        assertThat(definition.output())
                .isEqualTo(new OutputSettings(
                        RowTime.EVENT,
                        List.of(
                                dimension("campaign_id", "campaign", Optional.empty(), Optional.empty()),
                                dimension("item", "item_id", Optional.of("items"), Optional.of("unknown")),
                                dimension("position", "position", Optional.empty(), Optional.empty())),
                        List.of(count("impressions", "impression"), count("clicks", "click")),
                        Map.of("items", new FileLookup(folder.resolve("items.csv"), "item_id", "item_name")),
                        Optional.empty(),
                        new Sink.DruidKafka(
                                "acme_ads",
                                new DruidSettings(
                                        Optional.of(new DruidSettings.Overlord(
                                                URI.create("http://localhost:8081"),
                                                Optional.empty(),
                                                Optional.empty())),
                                        Granularity.HOUR,
                                        Granularity.MINUTE,
                                        true,
                                        1,
                                        1,
                                        Duration.ofHours(1),
                                        Map.of(),
                                        Map.of(),
                                        Map.of()))));
        assertThat(definition.runtime())
                .isEqualTo(new RuntimeSettings(
                        Duration.ofMillis(200),
                        folder.resolve("data/state"),
                        512L * 1024 * 1024,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        0));
    }

    @Test
    void aFileThatIsNotThereIsOneProblem() {
        Path missing = folder.resolve("nobody.conf");
        assertThatThrownBy(() -> DefinitionLoader.load(missing))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(missing + ": cannot be read: there must be a readable file of this name")
                .hasNoCause();
    }

    private static StreamDefinition stream(String name, String topic, String id, Duration within) {
        return new StreamDefinition(
                name,
                List.of(topic),
                new PayloadFormat.Json(),
                List.of(FieldPath.parse("imp_id")),
                List.of(FieldPath.parse(id)),
                new TimeField(FieldPath.parse("timestamp"), TimeFormat.ISO_8601),
                Optional.empty(),
                within,
                false,
                false,
                Start.EARLIEST);
    }

    private static Dimension dimension(
            String name, String field, Optional<String> lookup, Optional<String> defaultValue) {
        Source source = new Source("impression", FieldPath.parse(field));
        return new Dimension(name, source, List.of(), lookup, ValueType.STRING, defaultValue, OnError.DEAD_LETTER);
    }

    private static Metric count(String name, String on) {
        return new Metric(
                name,
                on,
                Optional.of(BigDecimal.ONE),
                Optional.empty(),
                List.of(),
                ValueType.LONG,
                Optional.empty(),
                OnError.DEAD_LETTER);
    }
}
