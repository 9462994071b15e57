package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting, for a time or for a condition; an interrupt ends it by an exception. */
final class Wait {
    private static final long LOOK_MS = 100;

    private Wait() {}

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * @param what for the error, if it does not come true
     * @throws IllegalStateException if it does not come true in time
     */
    static void until(String what, Duration patience, BooleanSupplier condition) {
        if (!becomes(patience, condition)) {
            throw new IllegalStateException("waited " + patience.toSeconds() + " s in vain until " + what);
        }
    }

    /** Whether it has come true in time. */
    static boolean becomes(Duration patience, BooleanSupplier condition) {
        return becomes(patience, LOOK_MS, condition);
    }

    /**
     * @param every milliseconds between two looks; a look may cost more than what is measured can spare
     */
    static boolean becomes(Duration patience, long every, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            millis(every);
        }
        return true;
    }
}
