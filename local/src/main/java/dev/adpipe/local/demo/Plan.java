package dev.adpipe.local.demo;

import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * What traffic is to make later, in order of time. What is due but was held up longer than {@value #SLACK} ms is not made at
 * all, for its fate would not be certain. Used by one thread.
 */
final class Plan {
    static final long SLACK = 1_000;

    private final PriorityQueue<Due> pending =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private long numbers;

    private record Due(long at, long number, Runnable make, Optional<Runnable> lost) {}

    void at(long time, Runnable make) {
        pending.add(new Due(time, numbers++, make, Optional.empty()));
    }

    /**
     * Something that others wait for, or will.
     *
     * @param lost what it means for them if it is never made
     */
    void withheldUntil(long time, Runnable make, Runnable lost) {
        pending.add(new Due(time, numbers++, make, Optional.of(lost)));
    }

    void makeDue(long now) {
        while (!pending.isEmpty() && pending.peek().at() <= now) {
            Due due = pending.poll();
            if (now - due.at() > SLACK) {
                due.lost().ifPresent(Runnable::run);
            } else {
                due.make().run();
            }
        }
    }

    /** Makes at once what others wait for, and forgets the rest. */
    void finish(long now) {
        makeDue(now);
        while (!pending.isEmpty()) {
            Due due = pending.poll();
            if (due.lost().isPresent()) {
                due.make().run();
            }
        }
    }
}
