package dev.adpipe.local.demo;

import dev.adpipe.local.demo.Fate.End;
import dev.adpipe.runtime.Books;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares what the generator made with what the pipeline did: each stage's equation, the links between the stages, the
 * books against the topics, every fate, every campaign, in the rows and in Druid.
 *
 * <p>Two things are allowed to be either: an event that must end unmatched may still be held, and
 * {@link Fate#DUPLICATE_OR_LATE} may be the one or the other. Their sums must be right all the same. Pure.
 */
final class Reconciliation {
    private final Expected expected;
    private final Outcome outcome;
    private final List<Check> checks = new ArrayList<>();

    /**
     * One comparison.
     *
     * @param what     a sentence's subject, for a person
     * @param least    the smallest right value
     * @param most     the largest right value
     */
    record Check(String what, long actual, long least, long most) {
        boolean holds() {
            return least <= actual && actual <= most;
        }

        /** What is off and by how much. */
        @Override
        public String toString() {
            String rule = least == most ? Long.toString(least) : least + " to " + most;
            long off = actual < least ? actual - least : actual - most;
            return what + " = " + actual
                    + (holds() ? "" : ", must be " + rule + String.format(Locale.ROOT, " (%+d)", off));
        }
    }

    private Reconciliation(Expected expected, Outcome outcome) {
        this.expected = expected;
        this.outcome = outcome;
    }

    /** Every comparison there is, in the order of the stages. */
    static List<Check> of(Expected expected, Outcome outcome) {
        Reconciliation r = new Reconciliation(expected, outcome);
        r.equations();
        r.links();
        r.topics();
        r.shuffle();
        r.join();
        r.output();
        r.campaigns("", outcome.topics().campaigns());
        outcome.druid().ifPresent(r::druid);
        return List.copyOf(r.checks);
    }

    private void equations() {
        exactly("shuffle: in + added - all that came of it", outcome.shuffle().imbalance(), 0);
        exactly("join: in + added - all that came of it", outcome.join().imbalance(), 0);
        exactly("output: in + added - all that came of it", outcome.output().imbalance(), 0);
        exactly("shuffle: added", outcome.shuffle().added(), expected.events() - expected.records());
        exactly("join: added", outcome.join().added(), 0);
        exactly("output: added", outcome.output().added(), 0);
    }

    private void links() {
        exactly("records in the raw topics", outcome.rawRecords(), expected.records());
        exactly("shuffle: in", outcome.shuffle().in(), outcome.rawRecords());
        exactly("join: in", outcome.join().in(), outcome.shuffle().emitted());
        exactly("output: in", outcome.output().in(), outcome.join().emitted());
        exactly("rows read", outcome.topics().rows(), outcome.output().emitted());
    }

    private void topics() {
        byReason(
                "records in the unmatched topic",
                outcome.topics().unmatched(),
                outcome.join().unmatchedByReason());
        deadLetterTopic("shuffle", outcome.shuffle());
        deadLetterTopic("join", outcome.join());
        deadLetterTopic("output", outcome.output());
        Set<String> others = new TreeSet<>(outcome.topics().deadLetters().keySet());
        others.removeAll(Set.of("shuffle", "join", "output"));
        for (String stage : others) {
            byReason("dead letters of " + stage, outcome.topics().deadLetters().get(stage), Map.of());
        }
    }

    private void deadLetterTopic(String stage, Books books) {
        byReason(
                "records in the dead-letter topic from " + stage,
                outcome.topics().deadLetters().getOrDefault(stage, Map.of()),
                books.deadLetteredByReason());
    }

    private void shuffle() {
        Books books = outcome.shuffle();
        byReason("shuffle: dead-lettered", books.deadLetteredByReason(), expected.byReason(End.SHUFFLE_DEAD_LETTER));
        exactly("shuffle: emitted", books.emitted(), expected.events() - expected.of(End.SHUFFLE_DEAD_LETTER));
        exactly("shuffle: unmatched", books.unmatched(), 0);
        exactly("shuffle: held", books.held(), 0);
        exactly("shuffle: duplicate", books.duplicate(), 0);
    }

    private void join() {
        Books books = outcome.join();
        long either = expected.of(Fate.DUPLICATE_OR_LATE);
        long duplicates = expected.of(Fate.DUPLICATE);
        long late = expected.of(Fate.LATE);
        exactly("join: emitted", books.emitted(), expected.of(Fate.ROW) + expected.of(Fate.BAD_PRICE));
        between("join: duplicate", books.duplicate(), duplicates, duplicates + either);
        between("join: unmatched as late", unmatched("late"), late, late + either);
        exactly("join: duplicate or late", books.duplicate() + unmatched("late"), duplicates + late + either);
        byReason("join: dead-lettered", books.deadLetteredByReason(), Map.of());

        long noParent = expected.of(Fate.NO_PARENT);
        long outOfWindow = expected.of(Fate.OUT_OF_WINDOW);
        between("join: unmatched as no-parent", unmatched("no-parent"), 0, noParent);
        between("join: unmatched as out-of-window", unmatched("out-of-window"), 0, outOfWindow);
        exactly(
                "join: no-parent, out-of-window, or still held",
                unmatched("no-parent") + unmatched("out-of-window") + books.held(),
                noParent + outOfWindow);
        Set<String> others = new TreeSet<>(books.unmatchedByReason().keySet());
        others.removeAll(Set.of("late", "no-parent", "out-of-window"));
        others.forEach(reason -> exactly("join: unmatched as " + reason, unmatched(reason), 0));
    }

    private void output() {
        Books books = outcome.output();
        byReason("output: dead-lettered", books.deadLetteredByReason(), expected.byReason(End.OUTPUT_DEAD_LETTER));
        exactly("output: emitted", books.emitted(), expected.of(Fate.ROW));
        exactly("output: unmatched", books.unmatched(), 0);
        exactly("output: held", books.held(), 0);
        exactly("output: duplicate", books.duplicate(), 0);
    }

    private void campaigns(String where, Map<String, Sums> actual) {
        Set<String> names = new TreeSet<>(expected.campaigns().keySet());
        names.addAll(actual.keySet());
        for (String name : names) {
            Sums is = actual.getOrDefault(name, Sums.NONE);
            Sums should = expected.campaigns().getOrDefault(name, Sums.NONE);
            for (Metric metric : Metric.values()) {
                if (is.values().containsKey(metric) || should.values().containsKey(metric)) {
                    exactly(where + name + ": " + metric, is.get(metric), should.get(metric));
                }
            }
        }
    }

    private void druid(Map<String, Sums> sums) {
        exactly("rows in Druid", Sums.all(sums).rows(), outcome.output().emitted());
        campaigns("Druid: ", sums);
    }

    private long unmatched(String reason) {
        return outcome.join().unmatchedByReason().getOrDefault(reason, 0L);
    }

    private void byReason(String what, Map<String, Long> actual, Map<String, Long> right) {
        Set<String> reasons = new TreeSet<>(actual.keySet());
        reasons.addAll(right.keySet());
        for (String reason : reasons) {
            exactly(what + " as " + reason, actual.getOrDefault(reason, 0L), right.getOrDefault(reason, 0L));
        }
    }

    private void exactly(String what, long actual, long right) {
        between(what, actual, right, right);
    }

    private void between(String what, long actual, long least, long most) {
        checks.add(new Check(what, actual, least, most));
    }
}
