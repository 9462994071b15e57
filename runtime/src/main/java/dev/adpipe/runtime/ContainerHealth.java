package dev.adpipe.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether one container lives and whether it is ready. Told by the container's thread, asked by any.
 */
final class ContainerHealth {
    /**
     * Longer than any call that the loop may have to wait in: a flush gives up after 30 s. Waiting for a broker that is away
     * counts as turning.
     */
    static final Duration LONGEST_TURN = Duration.ofSeconds(60);

    private final String container;
    private volatile long lastTurn = System.nanoTime();
    private volatile String notReady = "starting";

    ContainerHealth(String container) {
        this.container = container;
    }

    String container() {
        return container;
    }

    /** The loop turns, or waits for Kafka. */
    void turned() {
        lastTurn = System.nanoTime();
    }

    /**
     * @param why for a person
     */
    void notReady(String why) {
        notReady = why;
    }

    void ready() {
        notReady = null;
    }

    /** Why not, if it does not live. */
    Optional<String> whyNotLive() {
        long silent = System.nanoTime() - lastTurn;
        return silent <= LONGEST_TURN.toNanos()
                ? Optional.empty()
                : Optional.of("the loop has not turned for "
                        + Duration.ofNanos(silent).toSeconds() + " s");
    }

    /** Why not, if it is not ready. */
    Optional<String> whyNotReady() {
        return Optional.ofNullable(notReady);
    }
}
