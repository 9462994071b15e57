package dev.adpipe.runtime;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Work on parts that have nothing in common, on all cores: local stores, which are of one partition each. */
final class SideBySide {
    private SideBySide() {}

    /**
     * Does the work on every part, by this thread and others, and returns when all are done. A failure stops none of the
     * others; the first comes out at the end, the rest suppressed in it.
     */
    static <T> void each(Collection<T> parts, Consumer<T> work) {
        // Out of a parallel stream an exception comes while others are still at work.
        List<Throwable> failures = parts.parallelStream()
                .map(failureOf(work))
                .flatMap(List::stream)
                .toList();
        if (!failures.isEmpty()) {
            Throwable first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            if (first instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) first;
        }
    }

    private static <T> Function<T, List<Throwable>> failureOf(Consumer<T> work) {
        return part -> {
            try {
                work.accept(part);
                return List.of();
            } catch (RuntimeException | Error e) {
                return List.of(e);
            }
        };
    }
}
