package dev.adpipe.local.scaling;

import java.util.Arrays;

/**
 * How whole partitions can be shared out among containers. A partition is one task on one thread: five containers for 12
 * partitions have three, three, two, two and two of them.
 *
 * <p>The longest go first, each to the container with the least so far (LPT; Graham, "Bounds on multiprocessing timing
 * anomalies", 1969). Kafka hands partitions out by number, so this is the best that can happen, and with equal partitions
 * just what happens.
 */
final class PartitionShares {
    /** Differences below this are noise in the measured rates of equal partitions. */
    private static final double NOISE = 1.05;

    private final double[] demands;

    /**
     * @param demands of each partition, in containers
     */
    PartitionShares(double[] demands) {
        this.demands = demands.clone();
        Arrays.sort(this.demands);
    }

    /**
     * What the busiest container has to do, in containers.
     *
     * @param shared of those with more than one partition; one with a single partition cannot be helped
     */
    record Busiest(double any, double shared) {}

    Busiest busiest(int containers) {
        double[] load = new double[containers];
        int[] count = new int[containers];
        for (int i = demands.length - 1; i >= 0; i--) {
            int emptiest = 0;
            for (int c = 1; c < containers; c++) {
                if (load[c] < load[emptiest] || (load[c] == load[emptiest] && count[c] < count[emptiest])) {
                    emptiest = c;
                }
            }
            load[emptiest] += demands[i];
            count[emptiest]++;
        }
        double any = 0;
        double shared = 0;
        for (int c = 0; c < containers; c++) {
            any = Math.max(any, load[c]);
            shared = count[c] > 1 ? Math.max(shared, load[c]) : shared;
        }
        return new Busiest(any, shared);
    }

    /** The fewest containers, from this number up, of which none with several partitions has more than the limit. */
    int within(double limit, int from) {
        int n = from;
        while (n < demands.length && busiest(n).shared() > limit) {
            n++;
        }
        return n;
    }

    /** The fewest containers with which the busiest has no more to do than with this number. */
    int asGoodAs(int containers, int least) {
        double busiest = busiest(containers).shared() * NOISE;
        int n = containers;
        while (n > least && busiest(n - 1).shared() <= busiest) {
            n--;
        }
        return n;
    }
}
