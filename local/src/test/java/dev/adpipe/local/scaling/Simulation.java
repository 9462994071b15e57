package dev.adpipe.local.scaling;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;

/** Runs a scenario with the real advice and Kubernetes' rules, or with a fixed number of containers. */
final class Simulation {
    static final int PARTITIONS = 24;
    /** The monitor looks each 2 s, which comes to the same and takes longer. */
    private static final int LOOK = 10;

    /**
     * @param actions        changes of the number
     * @param relapses       of them, those that add a container less than half an hour after one was taken away
     * @param backlogSeconds the largest where the objective has to be kept
     * @param caughtUp       seconds from the end of an outage until the backlog was within the objective; 0: there was none
     * @param hours          of containers, those that start included
     */
    record Result(int actions, int relapses, int backlogSeconds, int caughtUp, double hours, int most) {}

    private final Scenario scenario;
    private final double[] weights;

    Simulation(Scenario scenario, double[] weights) {
        this.scenario = scenario;
        this.weights = weights.clone();
    }

    /** Keys are spread by hash: nearly even. */
    static double[] evenly(long seed) {
        Random random = new Random(seed);
        double[] weights = new double[PARTITIONS];
        Arrays.setAll(weights, p -> 1 + 0.05 * random.nextGaussian());
        double sum = Arrays.stream(weights).sum();
        Arrays.setAll(weights, p -> weights[p] / sum);
        return weights;
    }

    Result scaled(int start) throws IOException {
        SimulatedStage stage = new SimulatedStage(weights, start, scenario.seconds());
        StageAdvice advice = new StageAdvice(1, true, ScalingRules.DEFAULT);
        Hpa hpa = new Hpa();
        Tally tally = new Tally();
        OptionalInt recommended = OptionalInt.empty();
        int pods = start;
        int readyAt = 0;
        for (int t = 0; t < scenario.seconds(); t++) {
            stage.turn(scenario.perSecond().applyAsDouble(t), scenario.out(t));
            if (t % LOOK == 0 && !scenario.out(t)) {
                recommended =
                        advice.look(t * 1_000L, stage.status(), stage.samples()).containers();
            }
            if (t % Hpa.PERIOD == 0) {
                int now = hpa.pods(t, pods, recommended, PARTITIONS);
                if (now != pods) {
                    tally.changed(t, now - pods);
                    readyAt = t + (now > pods ? SimulatedStage.POD_START : 0);
                    pods = now;
                }
            }
            if (pods != stage.containers() && t >= readyAt) {
                stage.scale(pods);
            }
            tally.second(t, stage.backlogSeconds(), Math.max(pods, stage.containers()));
        }
        return tally.result();
    }

    /** The smallest number that keeps the same promises, and what it comes to. */
    Result fixed() {
        int tooFew = 0;
        int enough = PARTITIONS;
        while (enough - tooFew > 1) {
            int n = (tooFew + enough) / 2;
            Result result = fixed(n);
            if (result.backlogSeconds() <= Scenario.OBJECTIVE && result.caughtUp() <= Scenario.CATCH_UP) {
                enough = n;
            } else {
                tooFew = n;
            }
        }
        return fixed(enough);
    }

    Result fixed(int n) {
        SimulatedStage stage = new SimulatedStage(weights, n, scenario.seconds());
        Tally tally = new Tally();
        for (int t = 0; t < scenario.seconds(); t++) {
            stage.turn(scenario.perSecond().applyAsDouble(t), scenario.out(t));
            tally.second(t, stage.backlogSeconds(), n);
        }
        return tally.result();
    }

    private final class Tally {
        private static final int SOON = 30 * 60;

        private int actions;
        private int relapses;
        private int takenAway = -SOON - 1;
        private int largest;
        private int caughtUpAt = -1;
        private long containerSeconds;
        private int most;

        void changed(int second, int by) {
            actions++;
            if (by < 0) {
                takenAway = second;
            } else if (second - takenAway <= SOON) {
                relapses++;
            }
        }

        void second(int second, int backlogSeconds, int containers) {
            containerSeconds += containers;
            most = Math.max(most, containers);
            if (scenario.counts(second)) {
                largest = Math.max(largest, backlogSeconds);
            }
            int outEnd = scenario.outFrom() + scenario.outSeconds();
            if (scenario.outFrom() >= 0 && second >= outEnd && caughtUpAt < 0 && backlogSeconds <= Scenario.OBJECTIVE) {
                caughtUpAt = second;
            }
        }

        Result result() {
            int end = scenario.outFrom() + scenario.outSeconds();
            int caughtUp = scenario.outFrom() < 0 ? 0 : (caughtUpAt < 0 ? Integer.MAX_VALUE : caughtUpAt - end);
            return new Result(actions, relapses, largest, caughtUp, containerSeconds / 3600.0, most);
        }
    }
}
