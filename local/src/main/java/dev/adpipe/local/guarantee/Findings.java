package dev.adpipe.local.guarantee;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the checker has found wrong, by kind, with the first of each. Used by one thread. */
final class Findings {
    private static final int FIRST = 10;

    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<String, List<String>> first = new LinkedHashMap<>();

    void add(String kind, String what) {
        counts.merge(kind, 1, Integer::sum);
        List<String> kept = first.computeIfAbsent(kind, k -> new ArrayList<>());
        if (kept.size() < FIRST) {
            kept.add(what);
        }
    }

    /** Two figures that must be the same. */
    void expect(String what, long expected, long found) {
        if (expected != found) {
            add("books", what + ": " + found + ", must be " + expected);
        }
    }

    int count(String kind) {
        return counts.getOrDefault(kind, 0);
    }

    boolean none() {
        return counts.isEmpty();
    }

    /** For a person; empty if there is nothing. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((kind, count) -> {
            lines.add(kind.toUpperCase(java.util.Locale.ROOT) + ": " + count + (count > FIRST ? ", the first:" : ""));
            first.get(kind).forEach(what -> lines.add("    " + what));
        });
        return lines;
    }
}
