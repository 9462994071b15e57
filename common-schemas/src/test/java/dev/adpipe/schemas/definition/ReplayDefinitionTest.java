package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A replay is the same pipeline with nothing in common that it could spoil. */
class ReplayDefinitionTest {

    @TempDir
    Path folder;

    @Test
    void namesAreItsOwnAndTheRestIsTheSame() throws IOException {
        PipelineDefinition live = load();
        PipelineDefinition replay = live.replay("fix-1");

        List<String> own = replay.topics().all();
        assertThat(own).allMatch(topic -> topic.startsWith("acme.ads-replay-fix-1."));
        assertThat(replay.topics().group("join"))
                .isNotEqualTo(live.topics().group("join"))
                .startsWith("acme.ads-replay-fix-1");
        assertThat(replay.output().sink())
                .isInstanceOfSatisfying(
                        Sink.DruidKafka.class,
                        sink -> assertThat(sink.datasource()).isEqualTo("acme_ads-replay-fix-1"));
        assertThat(live.runtime().metricsPort()).isEqualTo(9_999);
        assertThat(replay.runtime().metricsPort()).isZero();
        assertThat(replay.runtime().stateDir()).isEqualTo(live.runtime().stateDir());
        assertThat(replay.streams()).isEqualTo(live.streams());
        assertThat(replay.join()).isEqualTo(live.join());
        assertThat(replay.shuffle()).isEqualTo(live.shuffle());
        assertThat(replay.output().dimensions()).isEqualTo(live.output().dimensions());
    }

    @Test
    void refusesNamesThatKafkaWould() throws IOException {
        PipelineDefinition live = load();
        assertThatThrownBy(() -> live.replay("A_b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'A_b' must be small letters");
        assertThatThrownBy(() -> live.replay("x".repeat(200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long");
    }

    private PipelineDefinition load() throws IOException {
        Path file = Files.writeString(folder.resolve("a.conf"), """
                pipeline {
                  customer = acme, name = ads
                  kafka.bootstrap.servers = "localhost:9092"
                  streams = [
                    { name = impression, topics = ["i"], format = json, key = k, event-id = k
                      time { field = ts, format = iso-8601 } }
                    { name = click, topics = ["c"], format = json, key = k, event-id = id
                      time { field = ts, format = iso-8601 }, within = 1h }
                  ]
                  output {
                    metrics { clicks { on = click, value = 1 } }
                    sink { type = druid-kafka, datasource = acme_ads }
                  }
                  runtime.metrics-port = 9999
                }
                """);
        return DefinitionLoader.load(file);
    }
}
