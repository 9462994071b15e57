package dev.adpipe.local.demo;

import dev.adpipe.local.demo.Reconciliation.Check;
import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the demo prints at its end. Pure. */
final class Report {
    static final String BALANCED = "books balance";

    private Report() {}

    static List<String> lines(Expected expected, Outcome outcome, List<Check> checks, List<Column> columns) {
        List<String> lines = new ArrayList<>();
        lines.add("The books: in + added = emitted + duplicate + unmatched + dead letters + held");
        lines.addAll(books(outcome));
        addReasons(lines, "join, unmatched", outcome.join().unmatchedByReason());
        addReasons(lines, "shuffle, dead letters", outcome.shuffle().deadLetteredByReason());
        addReasons(lines, "join, dead letters", outcome.join().deadLetteredByReason());
        addReasons(lines, "output, dead letters", outcome.output().deadLetteredByReason());
        lines.add("");
        lines.add("From stage to stage");
        lines.addAll(links(expected, outcome));
        lines.add("");
        lines.add("What the generator made, and what had to become of it");
        lines.addAll(fates(expected));
        lines.add("");
        lines.add(outcome.druid().isPresent() ? "Added up by campaign, by Druid" : "Rows, added up by campaign");
        lines.addAll(View.campaigns(outcome.druid().orElse(outcome.topics().campaigns()), columns));
        lines.add("");
        lines.addAll(verdict(checks));
        return lines;
    }

    static boolean balances(List<Check> checks) {
        return checks.stream().allMatch(Check::holds);
    }

    private static List<String> verdict(List<Check> checks) {
        if (balances(checks)) {
            return List.of(String.format(Locale.ROOT, "%s (%,d comparisons)", BALANCED, checks.size()));
        }
        List<String> lines = new ArrayList<>();
        lines.add("books do NOT balance:");
        checks.stream().filter(c -> !c.holds()).forEach(c -> lines.add("  " + c));
        return lines;
    }

    private static List<String> books(Outcome outcome) {
        Table table = new Table()
                .line("stage", "in", "added", "", "emitted", "duplicate", "unmatched", "dead letters", "held");
        addBooks(table, "shuffle", outcome.shuffle());
        addBooks(table, "join", outcome.join());
        addBooks(table, "output", outcome.output());
        return table.render();
    }

    private static void addBooks(Table table, String stage, Books b) {
        String relation = b.imbalance() == 0 ? "=" : "≠";
        table.line(
                stage,
                b.in(),
                b.added(),
                relation,
                b.emitted(),
                b.duplicate(),
                b.unmatched(),
                b.deadLettered(),
                b.held());
    }

    private static void addReasons(List<String> lines, String what, Map<String, Long> reasons) {
        if (!reasons.isEmpty()) {
            lines.add("  " + what + ": "
                    + new TreeMap<>(reasons)
                            .entrySet().stream()
                                    .map(e -> String.format(Locale.ROOT, "%s %,d", e.getKey(), e.getValue()))
                                    .collect(Collectors.joining(", ")));
        }
    }

    private static List<String> links(Expected expected, Outcome outcome) {
        Table table = new Table();
        addLink(table, "made", expected.records(), "in the raw topics", outcome.rawRecords());
        addLink(
                table,
                "in the raw topics",
                outcome.rawRecords(),
                "shuffle in",
                outcome.shuffle().in());
        addLink(
                table,
                "shuffle emitted",
                outcome.shuffle().emitted(),
                "join in",
                outcome.join().in());
        addLink(
                table,
                "join emitted",
                outcome.join().emitted(),
                "output in",
                outcome.output().in());
        addLink(
                table,
                "output emitted",
                outcome.output().emitted(),
                "rows read",
                outcome.topics().rows());
        outcome.druid()
                .ifPresent(sums -> addLink(
                        table,
                        "rows read",
                        outcome.topics().rows(),
                        "rows in Druid",
                        Sums.all(sums).rows()));
        return table.render();
    }

    private static void addLink(Table table, String from, long sent, String to, long received) {
        table.line(from, sent, sent == received ? "=" : "≠", received, to);
    }

    private static List<String> fates(Expected expected) {
        Table table = new Table().line("events", "made", "end");
        for (Fate fate : Fate.values()) {
            if (expected.of(fate) > 0) {
                table.line(fate.meaning(), expected.of(fate), end(fate));
            }
        }
        return table.render();
    }

    private static String end(Fate fate) {
        return switch (fate.end()) {
            case ROW -> "row";
            case DUPLICATE -> "join: duplicate";
            case DUPLICATE_OR_LATE -> "join: duplicate or late";
            case UNMATCHED -> "join: " + fate.reason();
            case SHUFFLE_DEAD_LETTER -> "shuffle: dead letter, " + fate.reason();
            case OUTPUT_DEAD_LETTER -> "output: dead letter, " + fate.reason();
            case NOTHING -> "no event";
        };
    }
}
