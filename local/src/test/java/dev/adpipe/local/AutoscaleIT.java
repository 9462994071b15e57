package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code adpipe autoscale --dry-run} over real jobs at work, and over a stage that has been stopped. */
class AutoscaleIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final AtomicBoolean over = new AtomicBoolean();

    @TempDir
    private Path dir;

    @Test
    void saysWhatRealJobsNeedAndKeepsAStageThatDoesNotAnswer() throws Exception {
        int port = MeasuredPipeline.freePort();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"));
                KafkaConnection connection =
                        KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            PipelineDefinition pipeline = MeasuredPipeline.of(dir, kafka, port);
            new Provisioner(pipeline, connection.admin(), line -> {}).provision(Provisioner.Options.local(1));
            try (PipelineRun jobs = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "a");
                    KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(MetricsCatalogue.get(port, "/health/ready")
                                        .statusCode())
                                .isEqualTo(200));
                Thread traffic = new Thread(() -> impressions(producer), "traffic");
                traffic.start();
                try {
                    String all = autoscale();
                    for (String stage : new String[] {"shuffle", "join", "output"}) {
                        assertThat(of(stage, all))
                                .contains("1 container now, 2 partitions")
                                .contains("1. true rate: ")
                                .contains("4. together 0.")
                                .contains("=> keep 1 container: as many as are needed");
                    }
                    jobs.stop(PipelineStage.JOIN);
                    String stopped = autoscale();
                    assertThat(of("join", stopped))
                            .contains("the present number is kept")
                            .contains("=> keep");
                    assertThat(of("shuffle", stopped)).contains("1. true rate: ");
                } finally {
                    over.set(true);
                    traffic.join();
                }
            }
        }
    }

    private String autoscale() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Adpipe.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "autoscale",
                dir.resolve("metrics.conf").toString(),
                "--dry-run",
                "--seconds",
                "25");
        assertThat(code).as(err.toString()).isEqualTo(ExitCode.OK);
        return out.toString();
    }

    /** What is said of one stage. */
    private static String of(String stage, String all) {
        int from = all.indexOf(stage + ": ");
        assertThat(from).as(all).isNotNegative();
        return all.substring(from, all.indexOf("\n\n", from));
    }

    private void impressions(KafkaProducer<byte[], byte[]> producer) {
        for (int i = 0; !over.get(); i++) {
            MeasuredPipeline.send(
                    producer,
                    "impressions",
                    "{\"imp_id\": \"i" + i + "\", \"site\": \"s0\", \"timestamp\": \"" + Instant.now() + "\"}");
        }
    }
}
