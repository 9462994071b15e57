package dev.adpipe.output;

import dev.adpipe.output.push.PushTarget;
import java.util.Queue;

/**
 * One row on its way to a receiver outside of Kafka.
 *
 * <p>Used by the container's thread, but for the answer, which comes from another one.
 */
final class PushedRow implements PushTarget.Answer {
    private enum State {
        WAITING,
        OFFERED,
        SENT,
        DROPPED
    }

    private final long time;
    private final byte[] json;
    private final Queue<PushedRow> failures;
    private volatile State state = State.WAITING;
    private volatile String failure = "";

    /**
     * @param time     milliseconds since the epoch
     * @param failures gets this row each time that it has failed; thread-safe
     */
    PushedRow(long time, byte[] json, Queue<PushedRow> failures) {
        this.time = time;
        this.json = json;
        this.failures = failures;
    }

    long time() {
        return time;
    }

    /** Returns whether the target has taken it; if not, it waits as before. */
    boolean offer(PushTarget target) {
        state = State.OFFERED;
        if (target.offer(time, json, this)) {
            return true;
        }
        state = State.WAITING;
        return false;
    }

    boolean wasSent() {
        return state == State.SENT;
    }

    boolean wasDropped() {
        return state == State.DROPPED;
    }

    boolean settled() {
        return wasSent() || wasDropped();
    }

    /** Why it failed the last time. */
    String failure() {
        return failure;
    }

    @Override
    public void sent() {
        state = State.SENT;
    }

    @Override
    public void dropped() {
        state = State.DROPPED;
    }

    @Override
    public void failed(String why) {
        failure = why;
        state = State.WAITING;
        failures.add(this);
    }
}
