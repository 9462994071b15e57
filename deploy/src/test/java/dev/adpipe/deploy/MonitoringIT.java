package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.adpipe.deploy.PrometheusServer.Point;
import dev.adpipe.local.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every query of every dashboard and of every rule, run by a real Prometheus over real jobs. Prometheus has to be installed;
 * {@code .ci/run} does that.
 */
@Tag("full")
class MonitoringIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int RATE = 500;
    private static final List<String> STAGES = List.of("shuffle", "join", "output");
    /** Nothing is pushed here: that sink needs a Druid of its own. TranquilityIT sees that the metric is there. */
    private static final String ONLY_WITH_TRANQUILITY = "adpipe_push_rows_total";
    /** A week, in seconds: the dashboard says "not shrinking". */
    private static final double NOT_SHRINKING = 7 * 24 * 3600;

    /** Seconds of backlog that a stage may have for a moment on a machine that does other work, too. */
    private static final double MOST_OF_OTHERS = 15;

    @TempDir
    private Path dir;

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        PromtoolChecks.run();
    }

    @Test
    void everyQueryHasDataAndAStoppedStageRaisesItsOwnBacklogAlone() throws Exception {
        // Said before anything is started.
        Tool.PROMETHEUS.path();
        Ports ports = new Ports();
        try (RunningPipeline pipeline = RunningPipeline.start(dir, ports, RATE);
                PrometheusServer prometheus =
                        PrometheusServer.start(dir.resolve("prometheus"), ports, pipeline.targets())) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(withoutData(prometheus)).isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(alerts(prometheus)).isEmpty());
            theRulesAreThoseOfTheFile(prometheus);

            pipeline.stop("join");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(backlog(prometheus, "join")).isGreaterThan(2 * MOST_OF_OTHERS);
                assertThat(drain(prometheus, "join")).isEqualTo(NOT_SHRINKING);
                assertThat(alerts(prometheus))
                        .contains("AdpipeStageGone join", "AdpipeTargetDown join")
                        .allMatch(alert -> alert.endsWith(" join"));
            });
            for (String other : List.of("shuffle", "output")) {
                assertThat(most(prometheus, other)).as(other).isLessThan(MOST_OF_OTHERS);
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(drain(prometheus, other)).as(other).isZero());
            }

            pipeline.startAgain("join");
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(STAGES)
                        .allSatisfy(
                                stage -> assertThat(backlog(prometheus, stage)).isLessThan(5));
                assertThat(alerts(prometheus)).isEmpty();
            });
            assertThat(most(prometheus, "shuffle")).isLessThan(MOST_OF_OTHERS);
        }
    }

    /** Queries that give nothing or only what is no number, whichever customer, pipeline and stage is chosen; and selectors of rules. */
    private static List<String> withoutData(PrometheusServer prometheus) {
        List<String> empty = new ArrayList<>();
        for (Dashboard dashboard : Dashboard.all()) {
            for (Map<String, String> chosen : choices(prometheus, dashboard)) {
                for (Dashboard.Query query : dashboard.queries()) {
                    List<Point> points = prometheus.query(resolved(query.expression(), chosen));
                    if (points.stream().allMatch(point -> Double.isNaN(point.value()))
                            && !query.expression().contains(ONLY_WITH_TRANQUILITY)) {
                        empty.add(query + " with " + chosen);
                    }
                }
            }
        }
        for (Rule rule : Rule.all()) {
            // An alert's own result is rightly empty when all is well; what it compares must not be.
            prometheus.query(rule.expression());
            for (String selector : Expression.selectors(rule.expression())) {
                if (prometheus
                        .query(selector.replaceAll("=~?\"\\$\\w+\"", "=~\".+\""))
                        .isEmpty()) {
                    empty.add(rule.name() + ": " + selector);
                }
            }
        }
        return empty;
    }

    /** Values of a dashboard's variables: all of each, as Grafana writes them, and each single one of the last. */
    private static List<Map<String, String>> choices(PrometheusServer prometheus, Dashboard dashboard) {
        Map<String, String> all = new TreeMap<>();
        List<Map<String, String>> choices = new ArrayList<>(List.of(all));
        for (JsonNode variable : dashboard.variables()) {
            String query = variable.path("query").asText();
            assertThat(query).matches("label_values\\(.+, \\w+\\)");
            int comma = query.lastIndexOf(", ");
            List<String> values = prometheus.labelValues(
                    resolved(query.substring("label_values(".length(), comma), all),
                    query.substring(comma + 2, query.length() - 1));
            String name = variable.path("name").asText();
            Map<String, String> before = new TreeMap<>(all);
            all.put(name, "(" + String.join("|", values) + ")");
            if (name.equals("stage")) {
                for (String value : values) {
                    Map<String, String> one = new TreeMap<>(before);
                    one.put(name, value);
                    choices.add(one);
                }
            }
        }
        return choices;
    }

    /** What Grafana puts in place of its own variables, when it shows the last minutes. */
    private static String resolved(String expression, Map<String, String> chosen) {
        String text = expression.replace("$__rate_interval", "20s");
        for (Map.Entry<String, String> variable : chosen.entrySet()) {
            text = text.replace("$" + variable.getKey(), variable.getValue());
        }
        assertThat(text).doesNotContain("$");
        return text;
    }

    private static void theRulesAreThoseOfTheFile(PrometheusServer prometheus) {
        Set<String> healthy = new TreeSet<>();
        for (JsonNode group : prometheus.data("/api/v1/rules").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok");
                healthy.add(rule.path("name").asText());
            }
        }
        assertThat(healthy).isEqualTo(Rule.all().stream().map(Rule::name).collect(Collectors.toSet()));
    }

    /** Pending or firing: name and stage. */
    private static Set<String> alerts(PrometheusServer prometheus) {
        Set<String> alerts = new TreeSet<>();
        for (JsonNode alert : prometheus.data("/api/v1/alerts").path("alerts")) {
            alerts.add(alert.at("/labels/alertname").asText() + " "
                    + alert.at("/labels/stage").asText());
        }
        return alerts;
    }

    /** What the overview's first chart shows. */
    private static double backlog(PrometheusServer prometheus, String stage) {
        return shown(prometheus, "Backlog, seconds", stage);
    }

    private static double drain(PrometheusServer prometheus, String stage) {
        return shown(prometheus, "Time to drain", stage);
    }

    private static double shown(PrometheusServer prometheus, String panel, String stage) {
        String expression = Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.queries().stream())
                .filter(query -> query.panel().equals(panel))
                .findFirst()
                .orElseThrow()
                .expression();
        return of(prometheus.query(resolved(expression, Map.of("customer", "acme", "pipeline", "ads"))), stage);
    }

    /** The longest backlog of a stage lately, in seconds. */
    private static double most(PrometheusServer prometheus, String stage) {
        return of(
                prometheus.query(
                        "max by (stage) (max_over_time(customer_pipeline_stage:adpipe_monitor_backlog_seconds:max[40s]))"),
                stage);
    }

    private static double of(List<Point> points, String stage) {
        return points.stream()
                .filter(point -> stage.equals(point.labels().get("stage")))
                .findAny()
                .orElseThrow(() -> new AssertionError("no " + stage + " in " + points))
                .value();
    }
}
