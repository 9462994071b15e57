package dev.adpipe.local.demo;

import dev.adpipe.runtime.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The thread that writes what {@link Traffic} makes to the raw topics, so many new things a second.
 *
 * <p>{@link #start}, {@link #stop} and {@link #close} by one thread; the counters may be read by any. The producer is its
 * own from then on.
 */
final class RawTraffic implements AutoCloseable {
    private static final long PAUSE_NANOS = 5_000_000;

    private final Producer<byte[], byte[]> producer;
    private final Map<String, RawTopic> topics;
    private final int rate;
    private final Clock clock;
    private final BooleanSupplier lateIsCertain;
    private final Traffic generator;
    private final long start;
    private final Thread thread = new Thread(this::run, "adpipe-generator");
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong slowestAck = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopping;
    private final Map<String, Integer> nextPartition = new HashMap<>();

    /** Where a stream's records go, in turn over the partitions. */
    record RawTopic(String name, int partitions) {}

    /**
     * @param topics by the stream's name
     */
    RawTraffic(
            Scenario scenario,
            long seed,
            int rate,
            Map<String, RawTopic> topics,
            Producer<byte[], byte[]> producer,
            Clock clock,
            BooleanSupplier lateIsCertain) {
        this.rate = rate;
        this.topics = Map.copyOf(topics);
        this.producer = producer;
        this.clock = clock;
        this.lateIsCertain = lateIsCertain;
        this.start = clock.millis();
        this.generator = scenario.maker().make(seed, start, this::write);
    }

    void start() {
        thread.start();
    }

    /** When the demo began: what is late is older. */
    long startMillis() {
        return start;
    }

    /** Events made so far. */
    long made() {
        return made.get();
    }

    /** Whether a record could not be written: then nothing more is made. */
    boolean failed() {
        return failure.get() != null;
    }

    /** Milliseconds that the slowest record took from being made to being acknowledged. */
    long slowestAck() {
        return slowestAck.get();
    }

    /**
     * Stops making events; returns when all that were made are acknowledged.
     *
     * @throws IllegalStateException if one could not be written: then nothing can be said about the others
     */
    Expected stop() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the generator was stopping", e);
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the generator could not write to the raw topics: " + cause, cause);
        }
        return generator.expected();
    }

    @Override
    public void close() {
        stopping = true;
        producer.close();
    }

    private void run() {
        try {
            // New events owed by the clock, not the pace of this loop, so that a pause is made up for.
            long paidUntil = start;
            while (!stopping && failure.get() == null) {
                long now = clock.millis();
                generator.makeDue(now);
                // After a long stall the rest is forgiven: a flood would not be realistic.
                paidUntil = Math.max(paidUntil, now - 1_000);
                long owed = (now - paidUntil) * rate / 1_000;
                for (long i = 0; i < owed; i++) {
                    generator.makeNew(clock.millis(), lateIsCertain.getAsBoolean());
                }
                paidUntil += owed * 1_000 / rate;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            generator.finish(clock.millis());
            producer.flush();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void write(RawRecord record) {
        long now = clock.millis();
        // The callback learns of every outcome.
        var unused = producer.send(toProducer(record), (metadata, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            }
            slowestAck.accumulateAndGet(clock.millis() - now, Math::max);
        });
        made.addAndGet(record.events());
    }

    private ProducerRecord<byte[], byte[]> toProducer(RawRecord record) {
        RawTopic topic = topics.get(record.stream());
        int partition = nextPartition.merge(record.stream(), 1, Integer::sum) % topic.partitions();
        return new ProducerRecord<>(topic.name(), partition, null, record.value());
    }
}
