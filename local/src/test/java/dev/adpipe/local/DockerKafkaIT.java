package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The pipeline against the Kafka that people run: the official image. Only where Docker is. */
class DockerKafkaIT {
    private static final int EVENTS = 100;

    @TempDir
    Path dir;

    @Test
    void rowsComeOutOfTheOfficialImage() throws Exception {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker engine; the same is tested with Kafka in the JVM");
        try (KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")) {
            kafka.start();
            Path definition = Files.writeString(dir.resolve("docker.conf"), text(kafka.getBootstrapServers()));
            List<String> lines = IntStream.range(0, EVENTS)
                    .mapToObj(n -> "{\"id\":\"i%d\",\"t\":%d}".formatted(n, System.currentTimeMillis()))
                    .toList();
            Path events = Files.write(dir.resolve("events.jsonl"), lines);
            adpipe("provision", definition.toString(), "--create-raw-topics", "2");
            adpipe("load", "--topic", "raw.impressions", "-f", definition.toString(), events.toString());
            adpipe("run", definition.toString(), "--until-drained");
            assertThat(TopicDump.read(kafka.getBootstrapServers(), "acme.docker.rows"))
                    .hasSize(EVENTS);
        }
    }

    private static void adpipe(String... args) {
        StringWriter err = new StringWriter();
        int code = Adpipe.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
        assertThat(code).as("adpipe " + String.join(" ", args) + ": " + err).isZero();
    }

    private static String text(String bootstrapServers) {
        return """
                pipeline {
                  customer = acme
                  name = docker
                  kafka.bootstrap.servers = "%s"
                  streams = [
                    { name = impression, topics = ["raw.impressions"], format = json
                      key = id, event-id = id, time = { field = t, format = epoch-millis } }
                    { name = click, topics = ["raw.clicks"], format = json
                      key = id, event-id = click_id, time = { field = t, format = epoch-millis }, within = 1h }
                  ]
                  shuffle.partitions = 2
                  output {
                    dimensions.id = impression.id
                    metrics.impressions = { on = impression, value = 1 }
                  }
                }
                """.formatted(bootstrapServers);
    }
}
