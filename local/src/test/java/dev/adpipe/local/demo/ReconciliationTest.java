package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.local.demo.Reconciliation.Check;
import dev.adpipe.runtime.Books;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReconciliationTest {
    /** Every fate a different number, so that no two can be taken for each other. */
    private static final Expected EXPECTED = new Expected(
            1_100, // some of them split
            Map.ofEntries(
                    Map.entry(Fate.ROW, 1_000L),
                    Map.entry(Fate.DUPLICATE, 50L),
                    Map.entry(Fate.DUPLICATE_OR_LATE, 9L),
                    Map.entry(Fate.LATE, 21L),
                    Map.entry(Fate.NO_PARENT, 17L),
                    Map.entry(Fate.OUT_OF_WINDOW, 13L),
                    Map.entry(Fate.TRUNCATED, 5L),
                    Map.entry(Fate.NO_KEY, 2L),
                    Map.entry(Fate.EMPTY_KEY, 1L),
                    Map.entry(Fate.NO_BID, 7L),
                    Map.entry(Fate.BAD_PRICE, 4L)),
            Map.of("Shoes", sums(700, 20, 1_234_567), "Bikes", sums(277, 3, 89)));

    /** The parts of an outcome as text and maps, to be spoilt one at a time. */
    private static final class Parts {
        long raw = 1_100;
        String shuffle =
                "in:1100,added:22,emitted:1114,duplicate:0,held:0,d.malformed:5,d." + Fate.NO_KEY.reason() + ":3";
        String join = "in:1114,added:0,emitted:1004,duplicate:56,held:4,u.late:24,u.no-parent:15,u.out-of-window:11";
        String output = "in:1004,added:0,emitted:1000,duplicate:0,held:0,d." + Fate.BAD_PRICE.reason() + ":4";
        long rows = 1_000;
        final Map<String, Sums> campaigns = new HashMap<>(EXPECTED.campaigns());
        final Map<String, Sums> druid = new HashMap<>(EXPECTED.campaigns());
        final Map<String, Long> unmatched = new HashMap<>(Map.of("late", 24L, "no-parent", 15L, "out-of-window", 11L));
        final Map<String, Map<String, Long>> deadLetters = new HashMap<>(Map.of(
                "shuffle", Map.of("malformed", 5L, Fate.NO_KEY.reason(), 3L),
                "output", Map.of(Fate.BAD_PRICE.reason(), 4L)));

        Outcome outcome() {
            return new Outcome(
                    raw,
                    Books.parse(shuffle),
                    Books.parse(join),
                    Books.parse(output),
                    new TopicCounts(rows, campaigns, unmatched, deadLetters),
                    Optional.of(druid));
        }

        List<Check> failures() {
            return Reconciliation.of(EXPECTED, outcome()).stream()
                    .filter(c -> !c.holds())
                    .toList();
        }

        Parts join(String from, String to) {
            assertThat(join).contains(from);
            join = join.replace(from, to);
            return this;
        }
    }

    @Test
    void balancesWhenAllAgrees() {
        assertThat(new Parts().failures()).isEmpty();
    }

    @Test
    void anUnmatchedEventMayStillBeHeld() {
        Parts all = new Parts().join("held:4", "held:30").join("no-parent:15", "no-parent:0");
        all.join("out-of-window:11", "out-of-window:0");
        all.unmatched.put("no-parent", 0L);
        all.unmatched.put("out-of-window", 0L);
        assertThat(all.failures()).isEmpty();

        Parts none = new Parts().join("held:4", "held:0").join("no-parent:15", "no-parent:17");
        none.join("out-of-window:11", "out-of-window:13");
        none.unmatched.put("no-parent", 17L);
        none.unmatched.put("out-of-window", 13L);
        assertThat(none.failures()).isEmpty();
    }

    @Test
    void aStaleCopyMayBeDuplicateOrLate() {
        Parts duplicate = new Parts().join("duplicate:56", "duplicate:59").join("late:24", "late:21");
        duplicate.unmatched.put("late", 21L);
        assertThat(duplicate.failures()).isEmpty();

        Parts late = new Parts().join("duplicate:56", "duplicate:50").join("late:24", "late:30");
        late.unmatched.put("late", 30L);
        assertThat(late.failures()).isEmpty();
    }

    @Test
    void saysWhatIsOffAndByHowMuch() {
        Parts parts = new Parts();
        parts.rows = 998;
        assertThat(parts.failures()).hasToString("[rows read = 998, must be 1000 (-2)]");

        Parts late = new Parts().join("duplicate:56", "duplicate:45").join("late:24", "late:35");
        late.unmatched.put("late", 35L);
        assertThat(late.failures())
                .extracting(Check::toString)
                .contains(
                        "join: duplicate = 45, must be 50 to 59 (-5)",
                        "join: unmatched as late = 35, must be 21 to 30 (+5)");
    }

    static Stream<Arguments> discrepancies() {
        return Stream.of(
                off("records in the raw topics", p -> p.raw++),
                off("shuffle: in +", p -> p.shuffle = p.shuffle.replace("in:1100", "in:1101")),
                off("shuffle: in", p -> p.shuffle = p.shuffle.replace("in:1100", "in:1099")),
                off("shuffle: added", p -> p.shuffle = p.shuffle.replace("added:22", "added:23")),
                off("shuffle: emitted", p -> p.shuffle = p.shuffle.replace("emitted:1114", "emitted:1113")),
                off("shuffle: held", p -> p.shuffle = p.shuffle.replace("held:0", "held:1")),
                off("shuffle: duplicate", p -> p.shuffle = p.shuffle.replace("duplicate:0", "duplicate:1")),
                off("shuffle: unmatched", p -> p.shuffle += ",u.late:1"),
                off("shuffle: dead-lettered as malformed", p -> p.shuffle = p.shuffle.replace("ed:5", "ed:4")),
                off("shuffle: dead-lettered as strange", p -> p.shuffle += ",d.strange:1"),
                off("join: in +", p -> p.join("in:1114", "in:1115")),
                off("join: in", p -> p.join("in:1114", "in:1113")),
                off("join: added", p -> p.join("added:0", "added:1")),
                off("join: emitted", p -> p.join("emitted:1004", "emitted:1003").join("held:4", "held:5")),
                off("join: duplicate", p -> p.join("duplicate:56", "duplicate:60")),
                off("join: unmatched as late", p -> p.join("late:24", "late:20")),
                off("join: duplicate or late", p -> p.join("late:24", "late:25")),
                off("join: unmatched as no-parent", p -> p.join("parent:15", "parent:18")),
                off("join: unmatched as out-of-window", p -> p.join("window:11", "window:14")),
                off("join: no-parent, out-of-window, or still held", p -> p.join("held:4", "held:3")),
                off("join: unmatched as flood", p -> p.join += ",u.flood:1"),
                off("join: dead-lettered as malformed", p -> p.join += ",d.malformed:1"),
                off("output: in +", p -> p.output = p.output.replace("in:1004", "in:1005")),
                off("output: in", p -> p.output = p.output.replace("in:1004", "in:1003")),
                off("output: added", p -> p.output = p.output.replace("added:0", "added:1")),
                off("output: emitted", p -> p.output = p.output.replace("emitted:1000", "emitted:999")),
                off("output: held", p -> p.output = p.output.replace("held:0", "held:1")),
                off("output: duplicate", p -> p.output = p.output.replace("duplicate:0", "duplicate:1")),
                off("output: unmatched", p -> p.output += ",u.late:1"),
                off("output: dead-lettered", p -> p.output = p.output.replace(":4", ":3")),
                off("rows read", p -> p.rows++),
                off("records in the unmatched topic as late", p -> p.unmatched.put("late", 23L)),
                off("records in the unmatched topic as repeat", p -> p.unmatched.put("repeat", 1L)),
                off("records in the dead-letter topic from output", p -> p.deadLetters.remove("output")),
                off("records in the dead-letter topic from join", p -> p.deadLetters.put("join", Map.of("x", 1L))),
                off("dead letters of nobody", p -> p.deadLetters.put("nobody", Map.of("x", 1L))),
                off("Shoes: impressions", p -> p.campaigns.put("Shoes", sums(699, 20, 1_234_567))),
                off("Shoes: clicks", p -> p.campaigns.put("Shoes", sums(700, 21, 1_234_567))),
                off("Shoes: spend", p -> p.campaigns.put("Shoes", sums(700, 20, 1_234_566))),
                off("Bikes: impressions", p -> p.campaigns.remove("Bikes")),
                off("rows in Druid", p -> p.druid.remove("Bikes")),
                off("Druid: Bikes: clicks", p -> p.druid.remove("Bikes")),
                off("Druid: Shoes: spend", p -> p.druid.put("Shoes", sums(700, 20, 1_234_566))),
                off("unknown: clicks", p -> p.campaigns.put("unknown", sums(0, 1, 0))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("discrepancies")
    void goesRedOnEveryDiscrepancy(String what, Consumer<Parts> spoil) {
        Parts parts = new Parts();
        spoil.accept(parts);
        assertThat(parts.failures()).extracting(Check::what).anyMatch(w -> w.startsWith(what));
        assertThat(Report.balances(Reconciliation.of(EXPECTED, parts.outcome())))
                .isFalse();
    }

    private static Arguments off(String what, Consumer<Parts> spoil) {
        return Arguments.of(what, spoil);
    }

    private static Sums sums(long impressions, long clicks, long spend) {
        return new Sums(Map.of(Metric.IMPRESSIONS, impressions, Metric.CLICKS, clicks, Metric.SPEND, spend));
    }
}
