package dev.adpipe.deploy;

import java.util.List;

/**
 * A rule of the rule file.
 *
 * @param name of the alert, or of what is recorded
 * @param node all of it
 */
record Rule(String name, boolean alert, String expression, Node node) {
    static final String FILE = "deploy/monitoring/prometheus/rules/adpipe.yml";

    static List<Rule> all() {
        return Node.parse(Repository.read(FILE)).at("groups").list().stream()
                .flatMap(group -> group.at("rules").list().stream())
                .map(Rule::of)
                .toList();
    }

    static List<Rule> alerts() {
        return all().stream().filter(Rule::alert).toList();
    }

    String annotation(String name) {
        return node.at("annotations", name).text();
    }

    private static Rule of(Node node) {
        boolean alert = node.at("record").isMissing();
        return new Rule(
                node.at(alert ? "alert" : "record").text(),
                alert,
                node.at("expr").text(),
                node);
    }
}
