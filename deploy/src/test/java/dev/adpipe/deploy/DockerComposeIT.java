package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** docker-compose.yml, image and all, brought up as a user does. Only where Docker is. */
@Tag("full")
class DockerComposeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @Test
    void rowsComeOutAndPrometheusSeesTheJobs() {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no Docker engine; ComposeTest looks at the file alone");
        try (ComposeContainer compose = new ComposeContainer(
                        Repository.path("docker-compose.yml").toFile())
                .withBuild(true)
                .withStartupTimeout(PATIENCE)
                .waitingFor("output", Wait.forHealthcheck().withStartupTimeout(PATIENCE))
                .waitingFor("grafana", Wait.forHealthcheck().withStartupTimeout(PATIENCE))) {
            compose.start();
            await().atMost(Duration.ofMinutes(2)).until(() -> rows() > 100);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(query("count(up%7Bjob%3D%22adpipe%22%7D%20%3D%3D%201)"))
                            .contains("\"3\"]"));
        }
    }

    private static long rows() {
        Map<String, Object> properties = Map.of("bootstrap.servers", "localhost:9092");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            return consumer
                    .endOffsets(IntStream.range(0, 4)
                            .mapToObj(partition -> new TopicPartition("acme.ads.rows", partition))
                            .toList())
                    .values()
                    .stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static String query(String expression) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:9090/api/v1/query?query=" + expression))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
