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
import java.util.stream.Stream;

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

    private static final String FAULT_LINE = "%-18s %5s  %20s  %20s  %20s";

    Report {
        strikes = List.copyOf(strikes);
        restarts = List.copyOf(restarts);
    }

    boolean good() {
        return verdict.good();
    }

    /** One fault, for a person. */
    static String line(Strike strike) {
        return CLOCK.format(Instant.ofEpochMilli(strike.at())) + "  " + strike.fault() + ": " + strike.whom()
                + "; next joined record after " + orNever(strike.untilJoined()) + ", next row after "
                + orNever(strike.untilRow());
    }

    private static String orNever(OptionalLong millis) {
        return millis.isPresent() ? seconds(millis.getAsLong()) : "NEVER";
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT, FAULT_LINE, "", "", "first joined record", "first row", "gap in a partition"));
        lines.add(String.format(
                Locale.ROOT, FAULT_LINE, "fault", "times", "median, worst", "median, worst", "median, worst"));
        byFault().forEach((fault, all) -> lines.add(row(fault, all)));
        lines.add("");
        for (Verdict.Figure figure : verdict.figures()) {
            lines.add(String.format(Locale.ROOT, "%-30s %,12d", figure.name(), figure.value()));
        }
        lines.add(String.format(Locale.ROOT, "%-30s %,12d", "raw topics stopped for a while", stops));
        lines.add(String.format(Locale.ROOT, "%-30s %,12d", "jobs that ended by themselves", restarts.size()));
        restarts.forEach(restart -> lines.add("    " + restart));
        RowTimes.Stall stall = verdict.times().longest(started.toEpochMilli(), stopped.toEpochMilli());
        lines.add(String.format(Locale.ROOT, "%-30s %12s", "largest stall", seconds(stall.millis())) + " of partition "
                + stall.partition() + " at " + CLOCK.format(Instant.ofEpochMilli(stall.from())) + during(stall));
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
        return String.format(
                Locale.ROOT,
                FAULT_LINE,
                fault,
                all.size(),
                medianAndWorst(all.stream().map(Strike::untilJoined)),
                medianAndWorst(all.stream().map(Strike::untilRow)),
                medianAndWorst(all.stream().map(strike -> OptionalLong.of(gap(strike)))));
    }

    /** The longest time without a new row of some partition between this fault and the next. */
    private long gap(Strike strike) {
        int next = strikes.indexOf(strike) + 1;
        long to = next < strikes.size() ? strikes.get(next).at() : stopped.toEpochMilli();
        return verdict.times().longest(strike.at(), to).millis();
    }

    private String during(RowTimes.Stall stall) {
        String last = "";
        for (Strike strike : strikes) {
            if (strike.at() <= stall.from() + stall.millis()) {
                last = ", in " + strike.fault() + ": " + strike.whom();
            }
        }
        return last;
    }

    private static String medianAndWorst(Stream<OptionalLong> millis) {
        long[] sorted = millis.flatMapToLong(OptionalLong::stream).sorted().toArray();
        return sorted.length == 0
                ? "-"
                : seconds(sorted[sorted.length / 2]) + ", " + seconds(sorted[sorted.length - 1]);
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
}
