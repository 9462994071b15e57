package dev.adpipe.local.scaling;

import dev.adpipe.local.scaling.StageLoad.PartitionLoad;
import dev.adpipe.local.scaling.StageLoad.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * How many containers a stage should have, and the way to that number in words.
 *
 * <p>The method is that of DS2 (Kalavri et al., "Three steps is all you need: fast, accurate, automatic scaling decisions for
 * distributed streaming dataflows", OSDI 2018): the <i>true rate</i> of a container is what it did over the time in which it
 * was busy, so what it would do if it never waited. With input rate {@code a}, backlog {@code b} and true rate {@code r}:
 *
 * <pre>{@code containers = ceil(a / (r * targetUtilization) + b / (r * drain))}</pre>
 *
 * The terms are those of the Flink operator's autoscaler. Then whole partitions are shared out, see {@link PartitionShares}.
 *
 * @param containers empty: not known, the present number is to be kept
 * @param steps      for a person
 */
public record Recommendation(String stage, OptionalInt containers, List<String> steps) {
    /** As that of Kubernetes' HorizontalPodAutoscaler: so near to the target is on it, or noise would add containers. */
    private static final double TOLERANCE = 0.1;

    /** Below this the busiest container is not what the backlog waits for. */
    private static final double IDLE = 0.5;

    public Recommendation {
        steps = List.copyOf(steps);
    }

    public static Recommendation of(StageLoad load, ScalingRules rules) {
        if (load.work().isEmpty()) {
            return new Recommendation(
                    load.stage(), OptionalInt.empty(), List.of(load.whyNoWork() + ": the present number is kept"));
        }
        Work work = load.work().get();
        if (load.perSecond() == 0 && load.backlog() == 0) {
            return new Recommendation(
                    load.stage(),
                    OptionalInt.of(load.least()),
                    List.of("nothing comes in and nothing waits: the least, " + count(load.least())));
        }
        if (work.done() <= 0 || work.busySeconds() <= 0) {
            return new Recommendation(
                    load.stage(),
                    OptionalInt.empty(),
                    List.of("nothing was done in " + text(work.seconds())
                            + " s, though there is something to do: its containers wait for something else, and without"
                            + " a true rate the present number is kept"));
        }
        return new Reckoning(load, work, rules).recommend();
    }

    /** One recommendation on its way. */
    private static final class Reckoning {
        private final StageLoad load;
        private final Work work;
        private final ScalingRules rules;
        private final double rate;
        private final PartitionShares shares;
        private final List<String> steps = new ArrayList<>();

        Reckoning(StageLoad load, Work work, ScalingRules rules) {
            this.load = load;
            this.work = work;
            this.rules = rules;
            this.rate = work.done() / work.busySeconds();
            this.shares = new PartitionShares(
                    load.partitions().stream().mapToDouble(this::demand).toArray());
        }

        Recommendation recommend() {
            int wanted = byRates();
            int n = byPartitions(wanted);
            n = n > load.members() && load.members() >= load.least() ? more(n) : n;
            // With little to do, commits are most of the time, and nothing is wrong.
            if (work.commitSeconds() > work.busySeconds() / 2 && work.busiest() >= IDLE) {
                steps.add(percent(work.commitSeconds() / work.busySeconds())
                        + " of the busy time were commits, which is waiting for Kafka: it counts as busy, as nothing else can"
                        + " be done meanwhile; but if a broker is slow, more containers do not help");
            }
            double average = work.busySeconds() / (work.seconds() * Math.max(1, load.members()));
            if (work.busiest() > rules.highestUtilization() && average < rules.targetUtilization() / 2) {
                steps.add(
                        "unevenly shared: the busiest container was busy " + percent(work.busiest()) + " lately, all of"
                                + " them " + percent(average) + ". Kafka hands partitions out by number, not by load");
            }
            return new Recommendation(load.stage(), OptionalInt.of(n), steps);
        }

        private int byRates() {
            double input = load.perSecond() / (rate * rules.targetUtilization());
            double backlog = load.backlog() / (rate * rules.drain().toSeconds());
            steps.add("true rate: " + text(work.done()) + " records done in " + text(work.busySeconds())
                    + " busy seconds, " + text(rate) + " records/s by a container that never waits");
            steps.add("input: " + text(load.perSecond()) + " / (" + text(rate) + " x " + rules.targetUtilization()
                    + ") = " + text(input) + " containers, each kept at " + percent(rules.targetUtilization()));
            steps.add("backlog: " + text(load.backlog()) + " / (" + text(rate) + " x "
                    + rules.drain().toSeconds() + " s) = " + text(backlog) + " containers, so that it is gone in "
                    + rules.drain().toMinutes() + " min");
            int n = Math.max(load.least(), (int) Math.ceil(input + backlog - 1e-9));
            steps.add("together " + text(input + backlog) + ", so " + count(n)
                    + (n > input + backlog + 1 ? ", the least" : ""));
            return n;
        }

        private int byPartitions(int wanted) {
            int most = Math.max(load.least(), load.partitions().size());
            if (wanted > most) {
                steps.add("bounded: the input has " + load.partitions().size()
                        + " partitions, and a partition is one task on one thread; more containers would have none."
                        + " For more, see 'Growing partitions' in the runbook");
            }
            int bounded = Math.min(wanted, most);
            // What a partition needs beyond one container, none can give it.
            double usable = load.partitions().stream()
                    .mapToDouble(partition -> Math.min(1, demand(partition)))
                    .sum();
            int from = Math.max(load.least(), Math.min(bounded, (int) Math.ceil(usable - 1e-9)));
            int within = shares.within(rules.highestUtilization() / rules.targetUtilization(), from);
            int n = shares.asGoodAs(within, load.least());
            if (n != bounded) {
                steps.add("partitions are not divided: of " + count(bounded) + " the busiest would be busy "
                        + busiest(bounded) + ", of " + n + ": " + busiest(n) + "; so " + count(n));
            }
            for (PartitionLoad partition : load.partitions()) {
                double busy = partition.perSecond() / rate
                        + partition.backlog() / (rate * rules.drain().toSeconds());
                if (busy > 1) {
                    steps.add("partition " + partition.name() + " alone would keep " + text(busy)
                            + " containers busy, and cannot be divided: more containers do not help it. See 'A stuck or hot"
                            + " partition' in the runbook");
                }
            }
            return n;
        }

        private String busiest(int containers) {
            return percent(shares.busiest(containers).any() * rules.targetUtilization());
        }

        /** Reasons to stay with fewer. */
        private int more(int n) {
            int now = load.members();
            if (work.busiest() < IDLE) {
                steps.add("no more than now, " + count(now) + ": the busiest container was busy "
                        + percent(work.busiest())
                        + " of its last 10 s, so it is not for lack of containers that records wait");
                return now;
            }
            if (now > 0 && shares.busiest(now).shared() <= 1 + TOLERANCE) {
                steps.add("no more than now, " + count(now) + ": the busiest would be busy " + busiest(now)
                        + ", which is on the target, give or take a tenth");
                return now;
            }
            return n;
        }

        private double demand(PartitionLoad partition) {
            return partition.perSecond() / (rate * rules.targetUtilization())
                    + partition.backlog() / (rate * rules.drain().toSeconds());
        }
    }

    static String count(int n) {
        return n + (n == 1 ? " container" : " containers");
    }

    static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    /** {@code 12,345}, {@code 12.3}, {@code 0.12}. */
    static String text(double value) {
        return String.format(Locale.ROOT, value >= 100 || value == 0 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
