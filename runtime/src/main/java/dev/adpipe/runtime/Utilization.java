package dev.adpipe.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The share of the last ten seconds that a thread was busy. Told by that thread, read by any.
 */
final class Utilization {
    private static final long WINDOW = Duration.ofSeconds(10).toNanos();
    private static final long STEP = Duration.ofMillis(500).toNanos();

    private record Sample(long at, long busy) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private long busy;
    private volatile double ratio;

    /**
     * @param now {@link System#nanoTime}
     */
    Utilization(long now) {
        samples.add(new Sample(now, 0));
    }

    /**
     * @param nanosBusy since the last call
     */
    void add(long now, long nanosBusy) {
        busy += nanosBusy;
        if (now - samples.getLast().at() >= STEP) {
            samples.addLast(new Sample(now, busy));
            // The first one is to be just outside the window, so that what is left always covers it.
            while (samples.size() > 2 && now - second().at() >= WINDOW) {
                samples.removeFirst();
            }
            Sample first = samples.getFirst();
            ratio = Math.min(1, (busy - first.busy()) / (double) (now - first.at()));
        }
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }

    double ratio() {
        return ratio;
    }
}
