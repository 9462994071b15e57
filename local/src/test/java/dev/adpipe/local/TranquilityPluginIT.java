package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.PackageVersion;
import dev.adpipe.local.process.Ports;
import dev.adpipe.output.OutputJob;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin's folder as the build makes it, in this very JVM with its flags and libraries, and nobody to push to. */
class TranquilityPluginIT {
    static final Path PLUGIN = Path.of("").toAbsolutePath().resolveSibling("tranquility-sink/target/plugin");

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void itIsLoadedAndWaitsForAZooKeeperThatIsAway() throws IOException {
        OutputJob job = new OutputJob(definition(PLUGIN));
        Task task = job.open(
                new TaskContext(new TopicPartition("joined", 0), new Books(), "", Optional.empty(), Clock.SYSTEM));
        task.process(record(), null);
        task.work(null);
        assertThat(task.firstUnsettled()).hasValue(0);
        assertThat(task.books().in()).isZero();
        job.close();
        assertThat(PackageVersion.VERSION.getMinorVersion())
                .as("our own Jackson")
                .isGreaterThan(20);
    }

    @Test
    void itsFolderHoldsItsOwnLibrariesAndNoneOfOurs() throws IOException {
        try (var files = Files.list(PLUGIN)) {
            List<String> jars = files.map(file -> file.getFileName().toString()).toList();
            assertThat(jars)
                    .hasSizeBetween(90, 110)
                    .contains("jackson-core-2.4.6.jar", "scala-library-2.11.8.jar", "guice-4.0-no_aop.jar")
                    .anyMatch(jar -> jar.startsWith("tranquility-sink-"))
                    .noneMatch(jar -> jar.matches("(slf4j|logback|output-job|kafka|cglib).*"));
        }
    }

    @Test
    void anOutputWithoutThePluginSaysWhereToGetIt() throws IOException {
        PipelineDefinition definition = definition(folder.resolve("none"));
        assertThatThrownBy(() -> new OutputJob(definition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "output.sink.plugin-dir = " + folder.resolve("none") + " is no folder; mvn package makes it, as"
                                + " tranquility-sink/target/plugin: name that folder, or a copy of it");
    }

    private PipelineDefinition definition(Path plugin) throws IOException {
        return DefinitionLoader.load(
                Files.writeString(folder.resolve("acme.conf"), """
                pipeline {
                  customer = acme, name = push
                  kafka.bootstrap.servers = "localhost:1"
                  streams = [
                    { name = impression, topics = ["acme.raw.i"], format = json
                      key = id, event-id = id, time { field = ts, format = iso-8601 } }
                    { name = click, topics = ["acme.raw.c"], format = json
                      key = id, event-id = click, time { field = ts, format = iso-8601 }, within = 1h }
                  ]
                  output {
                    metrics { impressions { on = impression, value = 1 } }
                    sink { type = tranquility, datasource = ads, plugin-dir = "%s", zookeeper = "127.0.0.1:%d" }
                  }
                }
                """.formatted(plugin, new Ports().next())));
    }

    private static ConsumerRecord<byte[], byte[]> record() {
        ByteBuffer payload = ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8));
        JoinedEvent event = new JoinedEvent(
                "k",
                List.of(new JoinedEvent.Part(
                        "impression",
                        "k",
                        System.currentTimeMillis(),
                        PayloadEncoding.JSON,
                        0,
                        payload,
                        JoinedEvent.Part.ROOT,
                        1)));
        return new ConsumerRecord<>("joined", 0, 0, null, EnvelopeCodec.encode(event));
    }
}
