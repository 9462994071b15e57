package dev.adpipe.local.scaling;

import dev.adpipe.local.StageStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A stage whose containers take in so many records per busy second, second by second. Partitions are handed out by number and
 * stay where they are if they can, as by Kafka's cooperative sticky assignor. A moved partition rests until its state is
 * restored; those of a container that was taken away rest until its session has timed out (static membership).
 */
final class SimulatedStage {
    static final double TRUE_RATE = 10_000;
    static final int POD_START = 20;
    private static final int RESTORE = 20;
    private static final int SESSION_TIMEOUT = 60;
    /** Of a container that has nothing to do: the loop turns ten times a second. */
    private static final double IDLE = 0.01;

    private final double[] weights;
    private final int[] owner;
    private final int[] restsUntil;
    private final double[] done;
    private final int[] head;
    private final double[] busySeconds;
    private final double[] lastBusy;
    private final double[] arrivedBy;
    private int running;
    private int second;

    /**
     * @param weights of the partitions, together 1
     * @param seconds how long it will live
     */
    SimulatedStage(double[] weights, int containers, int seconds) {
        this.weights = weights.clone();
        this.owner = new int[weights.length];
        this.restsUntil = new int[weights.length];
        this.done = new double[weights.length];
        this.head = new int[weights.length];
        this.busySeconds = new double[weights.length];
        this.lastBusy = new double[weights.length];
        this.arrivedBy = new double[seconds + 1];
        this.running = containers;
        Arrays.fill(owner, -1);
        share();
        Arrays.fill(restsUntil, 0);
    }

    int containers() {
        return running;
    }

    /** At once: who adds one waits for its start before. */
    void scale(int containers) {
        int before = running;
        running = containers;
        for (int p = 0; p < owner.length; p++) {
            if (owner[p] >= containers) {
                owner[p] = -1;
            }
        }
        share();
        for (int c = before; c < containers; c++) {
            busySeconds[c] = 0;
        }
    }

    private void share() {
        int[] count = new int[running];
        for (int o : owner) {
            if (o >= 0) {
                count[o]++;
            }
        }
        for (int p = 0; p < owner.length; p++) {
            if (owner[p] < 0) {
                give(p, count, SESSION_TIMEOUT);
            }
        }
        for (int p = owner.length - 1; p >= 0; p--) {
            if (count[owner[p]] > Arrays.stream(count).min().orElseThrow() + 1) {
                count[owner[p]]--;
                give(p, count, 0);
            }
        }
    }

    private void give(int partition, int[] count, int rest) {
        int fewest = IntStream.range(0, running)
                .reduce((a, b) -> count[b] < count[a] ? b : a)
                .orElseThrow();
        owner[partition] = fewest;
        count[fewest]++;
        restsUntil[partition] = second + rest + RESTORE;
    }

    /**
     * @param arriving records in this second
     * @param out      whether the containers can do nothing
     */
    void turn(double arriving, boolean out) {
        arrivedBy[second + 1] = arrivedBy[second] + arriving;
        second++;
        double[] room = new double[running];
        Arrays.fill(room, out ? 0 : TRUE_RATE);
        // Several rounds, so that what one partition leaves another of the container gets.
        for (int round = 0; round < 3; round++) {
            int[] wanting = new int[running];
            for (int p = 0; p < owner.length; p++) {
                wanting[owner[p]] += takes(p) ? 1 : 0;
            }
            double[] each = new double[running];
            for (int c = 0; c < running; c++) {
                each[c] = wanting[c] == 0 ? 0 : room[c] / wanting[c];
            }
            for (int p = 0; p < owner.length; p++) {
                if (takes(p)) {
                    double took = Math.min(each[owner[p]], backlog(p));
                    done[p] += took;
                    room[owner[p]] -= took;
                }
            }
        }
        for (int c = 0; c < running; c++) {
            lastBusy[c] = out ? 0 : Math.min(1, IDLE + (TRUE_RATE - room[c]) / TRUE_RATE);
            busySeconds[c] += lastBusy[c];
        }
    }

    private boolean takes(int partition) {
        return restsUntil[partition] < second && backlog(partition) > 1e-6;
    }

    private double backlog(int partition) {
        return arrivedBy[second] * weights[partition] - done[partition];
    }

    /** Age of the oldest record that waits. */
    int backlogSeconds() {
        int oldest = 0;
        for (int p = 0; p < owner.length; p++) {
            oldest = Math.max(oldest, backlogSeconds(p));
        }
        return oldest;
    }

    private int backlogSeconds(int partition) {
        while (head[partition] < second
                && arrivedBy[head[partition] + 1] * weights[partition] <= done[partition] + 1e-3) {
            head[partition]++;
        }
        return second - head[partition];
    }

    StageStatus status() {
        return Stages.of(
                running,
                IntStream.range(0, owner.length)
                        .mapToObj(p ->
                                Stages.partition(p, (long) done[p], Math.max(0, (long) backlog(p)), backlogSeconds(p)))
                        .toList());
    }

    /** What they answer; in an outage, nothing. */
    List<ContainerSample> samples() {
        List<ContainerSample> all = new ArrayList<>();
        for (int c = 0; c < running; c++) {
            int container = c;
            int runs = (int) IntStream.range(0, owner.length)
                    .filter(p -> owner[p] == container && restsUntil[p] < second)
                    .count();
            all.add(new ContainerSample(Stages.NAME, "c-" + c, lastBusy[c], busySeconds[c], busySeconds[c] / 10, runs));
        }
        return all;
    }
}
