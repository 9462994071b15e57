package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.local.monitor.Monitor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor's page in a real browser, over real jobs. Chromium has to be installed; {@code .ci/run} does that. */
@Tag("full")
class MonitorPageIT {
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    private Path dir;

    private int made;

    @Test
    void showsAPipelineAtWorkAndAStageThatIsNot() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"));
                KafkaConnection connection =
                        KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            PipelineDefinition pipeline = MeasuredPipeline.of(dir, kafka, MeasuredPipeline.freePort());
            new Provisioner(pipeline, connection.admin(), line -> {}).provision(Provisioner.Options.local(1));
            try (PipelineRun jobs = PipelineRun.start(pipeline, EnumSet.allOf(PipelineStage.class), 1, "page");
                    Monitor monitor = Monitor.start(List.of(pipeline), 0, Duration.ofSeconds(1));
                    KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of());
                    Browser browser = new Browser(Files.createDirectory(dir.resolve("profile")))) {
                browser.viewport(1280, 900, 1);
                browser.open(monitor.url());
                await().atMost(SOON).untilAsserted(() -> {
                    impression(producer);
                    assertThat(points(browser, "backlog, seconds")).isGreaterThan(2);
                    assertThat(points(browser, "rate in")).isGreaterThan(2);
                    assertThat(points(browser, "busy")).isGreaterThan(2);
                    assertThat(points(browser, "delay")).isGreaterThan(2);
                    assertThat(word(browser, "join")).isEqualTo("running");
                    assertThat(text(browser, "#balance")).contains("balance").doesNotContain("not");
                    assertThat(text(browser, "#books")).contains("shuffle", "join", "output");
                });

                // A phone's width: nothing has to be scrolled sideways.
                browser.viewport(390, 844, 1);
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(browser.evaluate("window.innerWidth").asInt()).isEqualTo(390);
                    assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                    .asInt())
                            .isLessThanOrEqualTo(390);
                });

                jobs.stop(PipelineStage.JOIN);
                await().atMost(SOON).untilAsserted(() -> {
                    impression(producer);
                    assertThat(word(browser, "join")).isIn("stuck", "stopped");
                    assertThat(word(browser, "shuffle")).isEqualTo("running");
                    assertThat(word(browser, "output")).isEqualTo("running");
                });
                int before = backlog(browser, "join");
                assertThat(before).isPositive();
                await().atMost(SOON).untilAsserted(() -> {
                    impression(producer);
                    assertThat(backlog(browser, "join")).isGreaterThan(before + 2);
                });
                assertThat(backlog(browser, "output")).isZero();
            }
        }
    }

    /** The fewest that any chart of this name has; -1 if there is none. */
    private static int points(Browser browser, String chart) {
        return browser.evaluate("Math.min(...[...document.querySelectorAll('[data-chart=\"" + chart
                        + "\"] svg'), {dataset: {points: document.querySelector('[data-chart=\"" + chart
                        + "\"] svg') ? 1e6 : -1}}].map(s => +s.dataset.points))")
                .asInt();
    }

    private static String word(Browser browser, String stage) {
        return browser.evaluate("(document.querySelector('[data-stage=" + stage + "]') || {dataset: {}}).dataset.word")
                .asText();
    }

    private static int backlog(Browser browser, String stage) {
        return browser.evaluate("+document.querySelector('[data-stage=" + stage + "]').dataset.backlog")
                .asInt();
    }

    private static String text(Browser browser, String selector) {
        return browser.evaluate("document.querySelector('" + selector + "').innerText")
                .asText();
    }

    private void impression(KafkaProducer<byte[], byte[]> producer) {
        MeasuredPipeline.send(
                producer,
                "impressions",
                "{\"imp_id\": \"i" + made++ + "\", \"site\": \"s0\", \"timestamp\": \"" + Instant.now() + "\"}");
    }
}
