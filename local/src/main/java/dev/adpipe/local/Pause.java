package dev.adpipe.local;

import org.apache.kafka.common.errors.InterruptException;

/** Waiting between two looks. */
final class Pause {
    private Pause() {}

    /** Until the process ends. */
    static void forever() {
        while (true) {
            millis(Long.MAX_VALUE);
        }
    }

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
