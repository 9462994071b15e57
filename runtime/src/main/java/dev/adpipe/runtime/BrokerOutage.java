package dev.adpipe.runtime;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a broker that is away, and says so once: when it goes and when it is back.
 *
 * <p>Used by the container's thread, except {@link #stopSoon}.
 */
final class BrokerOutage implements Transaction.Outage {
    private static final Logger log = LoggerFactory.getLogger(BrokerOutage.class);

    /** A stopping container waits this long for an answer to its last commit; the next start finds out what became of it. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(20);

    private final String brokers;
    private final Runnable alive;
    private long since;
    private volatile long giveUpAt = Long.MAX_VALUE;

    /**
     * @param alive told at each try: who waits for a broker is not dead
     */
    BrokerOutage(String brokers, Runnable alive) {
        this.brokers = brokers;
        this.alive = alive;
    }

    void stopSoon() {
        giveUpAt = System.nanoTime() + LAST_WAIT.toNanos();
    }

    @Override
    public void retry(String what, Runnable action) {
        while (true) {
            try {
                action.run();
                over();
                return;
            } catch (TimeoutException e) {
                noted(what, e);
            }
        }
    }

    /** The answer, waited for as long as it takes. */
    <T> T await(String what, Ask<T> ask) {
        while (true) {
            try {
                T answer = ask.ask().get();
                over();
                return answer;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RetriableException retriable && !isAboutTopics(retriable)) {
                    noted(what, retriable);
                } else if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                } else {
                    throw new IllegalStateException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ContainerExitException(ExitReason.FAILED, "interrupted while waiting to " + what, e);
            }
        }
    }

    /** A question to the broker, asked anew each time. */
    @FunctionalInterface
    interface Ask<T> {
        KafkaFuture<T> ask();
    }

    /** Between two questions whose answer takes time. */
    void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerExitException(ExitReason.FAILED, "interrupted while waiting for Kafka", e);
        }
    }

    void noted(String what, Exception error) {
        alive.run();
        if (since == 0) {
            since = System.nanoTime();
            log.warn("Kafka at {} does not answer, waiting to {}: {}", brokers, what, error.getMessage());
        }
        if (System.nanoTime() - giveUpAt > 0 && giveUpAt != Long.MAX_VALUE) {
            throw new ContainerExitException(
                    ExitReason.FAILED,
                    "told to stop, and Kafka at " + brokers + " did not answer within " + LAST_WAIT.toSeconds()
                            + " s; the next start goes on from the last commit",
                    error);
        }
    }

    private void over() {
        alive.run();
        if (since != 0) {
            log.info(
                    "Kafka at {} answers again after {} s",
                    brokers,
                    Duration.ofNanos(System.nanoTime() - since).toSeconds());
            since = 0;
        }
    }

    /** An unknown topic is "retriable" to the client, but an answer to us. */
    private static boolean isAboutTopics(RetriableException error) {
        return error instanceof org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
    }
}
