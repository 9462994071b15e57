package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alert rules: their texts, and, where promtool is, their meaning. MonitoringIT runs them over real jobs. */
class RulesTest {
    private static final String RUNBOOK = "docs/runbook.md";

    static Stream<Rule> alerts() {
        return Rule.alerts().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void everyAlertSaysWhatIsWrongAndWhereItIsWrittenWhatToDo(Rule alert) {
        assertThat(alert.name()).startsWith("Adpipe");
        assertThat(alert.node().at("for").text()).matches("[0-9]+m");
        assertThat(alert.node().at("labels", "severity").text()).isIn("warning", "critical");
        assertThat(alert.annotation("summary")).contains("{{ $labels.customer }}.{{ $labels.pipeline }}");
        assertThat(alert.annotation("description")).endsWith(".");
        String[] runbook = alert.annotation("runbook").split("#", 2);
        assertThat(runbook[0]).isEqualTo(RUNBOOK);
        assertThat(anchors()).contains(runbook[1]);
    }

    /** Whoever is called looks the alert up by its name. */
    @Test
    void theRunbookKnowsEveryAlertAndNoOther() {
        Map<String, String> sections = Rule.alerts().stream()
                .collect(Collectors.toMap(
                        Rule::name, alert -> alert.annotation("runbook").replace(RUNBOOK, "")));
        Set<String> named = new TreeSet<>();
        for (String line : Repository.read(RUNBOOK).lines().toList()) {
            Matcher name = Pattern.compile("`(Adpipe\\w+)`").matcher(line);
            while (name.find()) {
                named.add(name.group(1));
                assertThat(line).contains("](" + sections.get(name.group(1)) + ")");
            }
        }
        assertThat(named).isEqualTo(new TreeSet<>(sections.keySet()));
    }

    @Test
    void promtoolFindsNothingWrong() throws Exception {
        assumeTrue(Tool.PROMTOOL.found().isPresent(), () -> "skipped: " + Tool.PROMTOOL.missing());
        PromtoolChecks.run();
    }

    /** An alert that no unit test names may never fire, and nobody would know. */
    @Test
    void everyAlertHasAUnitTestThatItFiresAndOneThatItDoesNot() {
        List<Node> cases = Stream.of(PromtoolChecks.TESTS)
                .flatMap(file -> Node.parse(Repository.read(file)).at("tests").list().stream())
                .flatMap(test -> test.at("alert_rule_test").list().stream())
                .toList();
        for (boolean fires : List.of(true, false)) {
            assertThat(cases.stream()
                            .filter(it -> it.at("exp_alerts").list().isEmpty() != fires)
                            .map(it -> it.at("alertname").text()))
                    .containsAll(Rule.alerts().stream().map(Rule::name).toList());
        }
    }

    /** As Markdown makes anchors of headings. */
    private static Set<String> anchors() {
        return Repository.read(RUNBOOK)
                .lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }
}
