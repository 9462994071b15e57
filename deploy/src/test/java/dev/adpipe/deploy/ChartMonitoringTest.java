package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the chart gives the Prometheus operator, against what dashboards and alerts rely on. */
class ChartMonitoringTest {
    private static final String COMPONENT = "app.kubernetes.io/component";

    @Test
    void theRulesAreThoseThatPromtoolTests() {
        Node rule = only("monitoring.coreos.com/v1/PrometheusRule", Map.of("prometheusRule.enabled", true));
        assertThat(Manifest.problem(rule)).isEmpty();
        assertThat(rule.at("spec")).isEqualTo(Node.parse(Repository.read(Rule.FILE)));
        assertThat(Chart.objects("acme", Map.of()))
                .noneMatch(object -> object.at("kind").text().equals("PrometheusRule"));
    }

    /** Of a pod that is down there is only {@code up}, with these labels; as in the compose file's prometheus.yml. */
    @Test
    void everyTargetSaysWhoseItIs() {
        Node endpoint = only("monitoring.coreos.com/v1/ServiceMonitor", Map.of("serviceMonitor.enabled", true))
                .at("spec", "endpoints")
                .list()
                .get(0);
        assertThat(endpoint.at("honorLabels").value()).isEqualTo(true);
        Map<String, Node> byTarget = endpoint.at("relabelings").list().stream()
                .collect(Collectors.toMap(it -> it.at("targetLabel").text(), it -> it));
        assertThat(byTarget.get("customer").at("replacement").text()).isEqualTo("acme");
        assertThat(byTarget.get("pipeline").at("replacement").text()).isEqualTo("ads");
        Node stage = byTarget.get("stage");
        assertThat(stage.at("sourceLabels").texts())
                .containsExactly("__meta_kubernetes_service_label_" + COMPONENT.replaceAll("[./-]", "_"));
        Set<String> stages = Chart.objects("acme", Map.of()).stream()
                .filter(object -> object.at("kind").text().equals("Service"))
                .map(service -> service.at("metadata", "labels", COMPONENT).text())
                .filter(component -> component.matches(stage.at("regex").text()))
                .collect(Collectors.toSet());
        assertThat(stages).containsExactlyInAnyOrder("shuffle", "join", "output");

        List<Node> configs = Node.parse(Repository.read("deploy/monitoring/prometheus/prometheus.yml"))
                .at("scrape_configs")
                .list();
        assertThat(configs).allSatisfy(config -> {
            assertThat(config.at("honor_labels").value()).isEqualTo(true);
            assertThat(config.at("static_configs").list()).allSatisfy(targets -> {
                String host = targets.at("targets").texts().get(0).replaceAll(":.*", "");
                assertThat(targets.at("labels").value())
                        .isEqualTo(
                                host.equals("monitor")
                                        ? Map.of("customer", "acme", "pipeline", "ads")
                                        : Map.of("customer", "acme", "pipeline", "ads", "stage", host));
            });
        });
    }

    private static Node only(String kind, Map<String, Object> set) {
        List<Node> found = Chart.objects("acme", set).stream()
                .filter(object -> Manifest.kind(object).equals(kind))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
