package dev.adpipe.deploy;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What can be seen of a PromQL expression without parsing all of it. */
final class Expression {
    /** A metric's name, ours, of Java or of the Kafka clients, or one that Prometheus makes, and its matchers. */
    private static final Pattern SELECTOR = Pattern.compile(
            "((?:customer_pipeline\\w*:)?(?:adpipe|jvm|process|kafka)_[\\w:]+|\\b(?:up|ALERTS)\\b)(\\{[^}]*})?");

    private Expression() {}

    /** Each metric with its matchers: what data it asks for, without what it makes of them. */
    static Set<String> selectors(String expression) {
        Set<String> selectors = new TreeSet<>();
        Matcher matcher = SELECTOR.matcher(expression);
        while (matcher.find()) {
            selectors.add(matcher.group());
        }
        return selectors;
    }

    static Set<String> metrics(String expression) {
        return selectors(expression).stream()
                .map(selector -> selector.replaceAll("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
