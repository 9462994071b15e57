package dev.adpipe.local.scaling;

import java.util.function.IntToDoubleFunction;

/**
 * A load over time.
 *
 * @param perSecond  records that arrive in a second
 * @param outFrom    second from which the containers can do nothing; -1: never
 * @param outSeconds how long that lasts
 */
record Scenario(String name, int seconds, IntToDoubleFunction perSecond, int outFrom, int outSeconds) {
    /** Of the oldest record that waits; whoever scales by load needs time to see it, and pods time to start. */
    static final int OBJECTIVE = 300;

    /** Within which the backlog of an outage is back within the objective: the drain time and the reaction. */
    static final int CATCH_UP = 15 * 60;

    static Scenario of(String name, int hours, IntToDoubleFunction perSecond) {
        return new Scenario(name, hours * 3600, perSecond, -1, 0);
    }

    Scenario withOutage(int from, int seconds) {
        return new Scenario(name, this.seconds, perSecond, from, seconds);
    }

    boolean out(int second) {
        return outFrom >= 0 && second >= outFrom && second < outFrom + outSeconds;
    }

    /** Whether the objective has to be kept: not in an outage, nor while it is being caught up with. */
    boolean counts(int second) {
        return outFrom < 0 || second < outFrom || second >= outFrom + outSeconds + CATCH_UP;
    }
}
