package dev.adpipe.local.scaling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;

/**
 * More at once, fewer only when fewer have been enough for a while: the highest recommendation of the last minutes counts, as
 * in Kubernetes' HorizontalPodAutoscaler. Every change of the number moves partitions, and local state with them. Used by one
 * thread.
 */
final class SlowShrink {
    private record Earlier(long at, int containers) {}

    private final Duration shrinkAfter;
    private final Deque<Earlier> earlier = new ArrayDeque<>();
    private OptionalInt steady = OptionalInt.empty();

    SlowShrink(Duration shrinkAfter) {
        this.shrinkAfter = shrinkAfter;
    }

    /**
     * The number that stands: while nothing is known, the last one; empty before there was any.
     *
     * @param now     milliseconds
     * @param wanted  empty: not known
     * @param present containers now; how long they have been needed is not known at the start, so they count as needed then
     */
    OptionalInt of(long now, OptionalInt wanted, int present) {
        if (wanted.isEmpty()) {
            return steady;
        }
        if (earlier.isEmpty() || now - earlier.getLast().at() > shrinkAfter.toMillis()) {
            earlier.addLast(new Earlier(now, steady.orElse(present)));
        }
        earlier.addLast(new Earlier(now, wanted.getAsInt()));
        while (now - earlier.getFirst().at() > shrinkAfter.toMillis()) {
            earlier.removeFirst();
        }
        steady = OptionalInt.of(
                earlier.stream().mapToInt(Earlier::containers).max().orElseThrow());
        return steady;
    }
}
