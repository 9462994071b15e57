package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards as Grafana's provisioning reads them, without a Grafana; MonitoringIT runs their queries. */
class DashboardTest {
    private static final int COLUMNS = 24;
    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(adpipe_\\w+)` \\| (\\w+) \\|");

    static Stream<Dashboard> dashboards() {
        return Dashboard.all().stream();
    }

    @Test
    void thereIsOneForEachQuestion() {
        assertThat(Dashboard.all().stream().map(it -> it.json().path("uid").asText()))
                .containsExactly("adpipe-join", "adpipe-overview", "adpipe-stage");
        assertThat(Dashboard.all().stream().map(it -> it.json().path("title").asText()))
                .doesNotHaveDuplicates();
    }

    /** Provisioning resolves no inputs, and gives ids itself. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void canBeProvisioned(Dashboard dashboard) {
        assertThat(dashboard.json().has("__inputs")).isFalse();
        assertThat(dashboard.json().path("id").isNull()).isTrue();
        Node source = Node.parse(Repository.read("deploy/monitoring/grafana/provisioning/datasources/prometheus.yml"))
                .at("datasources")
                .list()
                .get(0);
        assertThat(dashboard.json().findValues("datasource")).isNotEmpty().allSatisfy(used -> {
            assertThat(used.path("uid").asText()).isEqualTo(source.at("uid").text());
            assertThat(used.path("type").asText()).isEqualTo(source.at("type").text());
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsAndInWhatUnit(Dashboard dashboard) {
        assertThat(dashboard.panels().stream().map(panel -> panel.path("id").asInt()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id > 0);
        assertThat(dashboard.charts()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
            assertThat(panel.path("targets")).isNotEmpty();
            assertThat(panel.path("targets").findValuesAsText("refId")).doesNotHaveDuplicates();
        });
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void noPanelLiesOnAnother(Dashboard dashboard) {
        Set<String> taken = new TreeSet<>();
        for (JsonNode panel : dashboard.panels()) {
            JsonNode at = panel.path("gridPos");
            int left = at.path("x").asInt();
            int right = left + at.path("w").asInt();
            assertThat(right).isLessThanOrEqualTo(COLUMNS);
            for (int x = left; x < right; x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    assertThat(taken.add(x + " " + (at.path("y").asInt() + y)))
                            .as("%s", panel.path("title"))
                            .isTrue();
                }
            }
        }
    }

    /** A query without them would mix customers. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void everyQueryIsOfTheChosenCustomerAndPipeline(Dashboard dashboard) {
        Set<String> variables = new TreeSet<>(dashboard.variables().stream()
                .map(it -> it.path("name").asText())
                .toList());
        assertThat(variables).contains("customer", "pipeline");
        assertThat(dashboard.queries())
                .allSatisfy(query -> assertThat(Expression.selectors(query.expression()))
                        .as("%s", query)
                        .isNotEmpty()
                        .allSatisfy(selector ->
                                assertThat(selector).contains("customer=~\"$customer\"", "pipeline=~\"$pipeline\"")));
        Matcher used =
                Pattern.compile("\\$(?!__)(\\w+)").matcher(dashboard.json().toString());
        Set<String> names = new TreeSet<>();
        while (used.find()) {
            names.add(used.group(1));
        }
        assertThat(names).isEqualTo(variables);
    }

    /** Rates over a fixed window are empty or coarse when the time range or the scrape interval changes. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void ratesAreOverGrafanasInterval(Dashboard dashboard) {
        assertThat(dashboard.queries()).allSatisfy(query -> {
            Matcher rate = Pattern.compile("\\brate\\([^\\[]*\\[([^]]*)]").matcher(query.expression());
            while (rate.find()) {
                assertThat(rate.group(1)).isEqualTo("$__rate_interval");
            }
        });
    }

    /** A counter has no meaning but its rate, the monitor's totals aside, which are the books; a gauge has no rate. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void countersAreRatesAndGaugesAreNot(Dashboard dashboard) {
        assertThat(dashboard.queries()).allSatisfy(query -> {
            for (String metric : Expression.metrics(query.expression())) {
                boolean counts = metric.matches("\\w+_(total|count|sum|bucket)");
                boolean books = metric.startsWith("adpipe_monitor_records_");
                boolean rated = query.expression().contains("rate(" + metric);
                assertThat(rated).as("%s in %s", metric, query).isIn(counts, counts && !books);
            }
        });
    }

    /** What the code measures is shown or raises an alert, and nothing else is asked for. */
    @Test
    void theyAndTheRulesUseEveryMetricOfTheCatalogue() {
        Set<String> documented = new TreeSet<>();
        Matcher row = DOCUMENTED.matcher(Repository.read("docs/metrics.md"));
        while (row.find()) {
            documented.add(row.group(1));
        }
        Set<String> used = new TreeSet<>();
        Stream.concat(
                        Dashboard.all().stream()
                                .flatMap(it -> it.queries().stream())
                                .map(Dashboard.Query::expression),
                        Rule.all().stream().map(Rule::expression))
                .flatMap(expression -> Expression.metrics(expression).stream())
                .filter(metric -> metric.startsWith("adpipe_"))
                .forEach(metric ->
                        used.add(documented.contains(metric) ? metric : metric.replaceAll("_(bucket|count|sum)$", "")));
        assertThat(used).isEqualTo(documented);
    }
}
