package dev.adpipe.local.guarantee;

import java.util.List;

/**
 * What a run came to.
 *
 * @param times   when rows and input came
 * @param figures in the order in which they are shown
 */
record Verdict(Findings findings, RowTimes times, List<Figure> figures) {

    /** One line of the table. */
    record Figure(String name, long value) {}

    Verdict {
        figures = List.copyOf(figures);
    }

    boolean good() {
        return findings.none();
    }

    long figure(String name) {
        return figures.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
