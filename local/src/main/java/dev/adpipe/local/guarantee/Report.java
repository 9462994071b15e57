package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a run has to say in the end.
 *
 * @param started  of the load
 * @param stopped  of the full load
 * @param restarts jobs that ended by themselves and were started again
 * @param stops    of a raw topic or partition
 */
record Report(
        long seed,
        Instant started,
        Instant stopped,
        List<Strike> strikes,
        List<String> restarts,
        int stops,
        Verdict verdict) {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    Report {
        strikes = List.copyOf(strikes);
        restarts = List.copyOf(restarts);
    }

    boolean good() {
        return verdict.good();
    }

    /** One fault, for a person. */
    static String line(Strike strike) {
        OptionalLong recovery = strike.recovery();
        return CLOCK.format(Instant.ofEpochMilli(strike.at())) + "  " + strike.fault() + ": " + strike.whom()
                + (recovery.isPresent()
                        ? "; joined again after " + seconds(recovery.getAsLong())
                        : "; NOT joined again");
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "%-18s %5s   %-28s %s",
                "fault",
                "times",
                "first joined: median, worst",
                "longest gap between rows: median, worst"));
        byFault().forEach((fault, all) -> lines.add(row(fault, all)));
        lines.add("");
        for (Verdict.Figure figure : verdict.figures()) {
            lines.add(String.format(Locale.ROOT, "%-30s %,12d", figure.name(), figure.value()));
        }
        lines.add(String.format(Locale.ROOT, "%-30s %,12d", "raw topics stopped for a while", stops));
        lines.add(String.format(Locale.ROOT, "%-30s %,12d", "jobs that ended by themselves", restarts.size()));
        restarts.forEach(restart -> lines.add("    " + restart));
        RowTimes.Stall stall = verdict.times().longest(started.toEpochMilli(), stopped.toEpochMilli());
        lines.add(String.format(Locale.ROOT, "%-30s %12s", "largest stall", seconds(stall.millis())) + " at "
                + CLOCK.format(Instant.ofEpochMilli(stall.from())) + during(stall));
        lines.add(String.format(
                Locale.ROOT,
                "%-30s %12s",
                "full load",
                Duration.between(started, stopped).toSeconds() + " s"));
        lines.add("");
        lines.addAll(verdict.findings().lines());
        lines.add((good() ? "GOOD: every event counted exactly once" : "NOT GOOD, see above") + "; seed " + seed + ", "
                + strikes.size() + " faults");
        return lines;
    }

    private Map<String, List<Strike>> byFault() {
        Map<String, List<Strike>> all = new TreeMap<>();
        strikes.forEach(
                s -> all.computeIfAbsent(s.fault(), f -> new ArrayList<>()).add(s));
        return all;
    }

    private String row(String fault, List<Strike> all) {
        long[] recoveries = all.stream()
                .map(Strike::recovery)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .sorted()
                .toArray();
        long[] gaps = all.stream().mapToLong(this::gap).sorted().toArray();
        return String.format(
                Locale.ROOT,
                "%-18s %5d   %-28s %s",
                fault,
                all.size(),
                medianAndWorst(recoveries),
                medianAndWorst(gaps));
    }

    /** The longest time without a new row between this fault and the next. */
    private long gap(Strike strike) {
        int next = strikes.indexOf(strike) + 1;
        long to = next < strikes.size() ? strikes.get(next).at() - 500 : stopped.toEpochMilli();
        return verdict.times().longest(strike.at() - 500, to).millis();
    }

    private String during(RowTimes.Stall stall) {
        String last = "";
        for (Strike strike : strikes) {
            if (strike.at() - 500 <= stall.from()) {
                last = ", in " + strike.fault() + ": " + strike.whom();
            }
        }
        return last;
    }

    private static String medianAndWorst(long[] sorted) {
        return sorted.length == 0
                ? "-"
                : seconds(sorted[sorted.length / 2]) + ", " + seconds(sorted[sorted.length - 1]);
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
}
