package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.local.monitor.Monitor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/metrics.md} against what real jobs serve, in both directions; and the equation that must hold. */
class MetricsCatalogueIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EVENTS = 20;

    @Test
    void theCatalogueIsWhatRealJobsServe(@TempDir Path dir) throws Exception {
        int port = MeasuredPipeline.freePort();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"));
                KafkaConnection connection =
                        KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            PipelineDefinition pipeline = MeasuredPipeline.of(dir, kafka, port);
            Admin admin = connection.admin();
            new Provisioner(pipeline, admin, line -> {}).provision(Provisioner.Options.local(1));
            try (Monitor monitor = Monitor.start(List.of(pipeline), 0, Duration.ofMillis(500));
                    PipelineRun run = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "m");
                    KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(MetricsCatalogue.get(port, "/health/ready")
                                        .statusCode())
                                .isEqualTo(200));
                for (int i = 0; i < EVENTS; i++) {
                    event(
                            producer,
                            "impressions",
                            "{\"imp_id\": \"i%d\", \"site\": \"s%d\", \"timestamp\": \"%s\"}",
                            i);
                }
                event(producer, "impressions", "{\"imp_id\": \"i%d\", \"site\": \"s%d\", \"timestamp\": \"%s\"}", 0);
                event(producer, "impressions", "no JSON", 0);
                event(producer, "clicks", "{\"imp_id\": \"none%d\", \"click_id\": \"c%d\", \"timestamp\": \"%s\"}", 0);
                await().atMost(SOON).untilAsserted(() -> {
                    String scrape = MetricsCatalogue.get(port, "/metrics").body();
                    assertThat(MetricsCatalogue.served(scrape, Set.of("customer", "pipeline", "stage", "container")))
                            .isEqualTo(MetricsCatalogue.documented(
                                    "adpipe_", "adpipe_monitor_", "adpipe_recommended_", "adpipe_push_"));
                    assertThat(sum(scrape, "adpipe_records_consumed_total", "shuffle"))
                            .isEqualTo(EVENTS + 3);
                    assertThat(sum(scrape, "adpipe_records_emitted_total", "output"))
                            .isEqualTo(EVENTS);
                    assertThat(sum(scrape, "adpipe_records_duplicate_total", "join"))
                            .isEqualTo(1);
                    assertThat(sum(scrape, "adpipe_lookup_misses_total", "output"))
                            .isEqualTo(EVENTS - 1);
                    for (String stage : Set.of("shuffle", "join", "output")) {
                        assertThat(imbalance(scrape, stage)).as(stage).isZero();
                        assertThat(sum(scrape, "adpipe_backlog_records", stage)).isZero();
                        assertThat(sum(scrape, "adpipe_backlog_seconds", stage)).isZero();
                        assertThat(sum(scrape, "adpipe_utilization_ratio", stage))
                                .isBetween(0.0, 1.0);
                    }
                    assertThat(scrape)
                            .contains("jvm_memory_used_bytes{")
                            .contains("jvm_gc_")
                            .contains("process_cpu_usage{")
                            .contains("kafka_consumer_fetch_manager_records_consumed_total{")
                            .contains("kafka_producer_record_send_total{");
                });
                assertThat(MetricsCatalogue.get(port, "/health/live"))
                        .satisfies(live -> assertThat(live.statusCode()).isEqualTo(200))
                        .satisfies(live -> assertThat(live.body())
                                .contains("\"status\":\"live\"")
                                .contains("{\"container\":\"acme.metrics-join-m-0\",\"status\":\"live\"}"));
                await().atMost(SOON).untilAsserted(() -> fromOutside(monitor));
            }
        }
    }

    private static void fromOutside(Monitor monitor) throws IOException {
        String scrape = MetricsCatalogue.get(monitor.port(), "/metrics").body();
        Set<String> documented = MetricsCatalogue.documented("adpipe_monitor_", "-");
        documented.addAll(MetricsCatalogue.documented("adpipe_recommended_", "-"));
        assertThat(MetricsCatalogue.served(scrape, Set.of("customer", "pipeline")))
                .isEqualTo(documented);
        assertThat(sum(scrape, "adpipe_monitor_records_consumed_total", "shuffle"))
                .isEqualTo(EVENTS + 3);
        assertThat(sum(scrape, "adpipe_monitor_records_emitted_total", "output"))
                .isEqualTo(EVENTS);
        assertThat(sum(scrape, "adpipe_monitor_group_members", "join")).isEqualTo(1);
        assertThat(sum(scrape, "adpipe_recommended_containers", "join")).isEqualTo(1);
        for (String stage : Set.of("shuffle", "join", "output")) {
            assertThat(sum(scrape, "adpipe_monitor_books_imbalance", stage)).isZero();
        }
        // Nothing but transaction markers is behind the last joined event.
        assertThat(sum(scrape, "adpipe_monitor_backlog_records", "output")).isZero();
    }

    private static double imbalance(String scrape, String stage) {
        return sum(scrape, "adpipe_records_consumed_total", stage)
                + sum(scrape, "adpipe_records_added", stage)
                - sum(scrape, "adpipe_records_emitted_total", stage)
                - sum(scrape, "adpipe_records_duplicate_total", stage)
                - sum(scrape, "adpipe_records_unmatched_total", stage)
                - sum(scrape, "adpipe_records_dead_letter_total", stage)
                - sum(scrape, "adpipe_records_held", stage);
    }

    private static double sum(String scrape, String name, String stage) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + "{") && line.contains("stage=\"" + stage + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void event(KafkaProducer<byte[], byte[]> producer, String topic, String format, int number) {
        MeasuredPipeline.send(producer, topic, format.formatted(number, number, Instant.now()));
    }
}
