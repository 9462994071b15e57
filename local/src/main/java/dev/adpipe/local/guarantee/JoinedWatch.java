package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;

/**
 * Sees joined records as they become visible, on a thread of its own, and tells when joining has gone on after a fault.
 * Asked by any thread.
 */
final class JoinedWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Of the last sightings only: a question is about the last fault. */
    private static final int KEPT = 10_000;

    private final Deque<Sighting> sightings = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closing;

    /** A poll that gave records: the latest append time among them, and when they were seen. */
    private record Sighting(long latestAppend, long seen) {}

    JoinedWatch(Kafka kafka, String topic) {
        thread = new Thread(() -> run(kafka, topic), "joined-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** When the first record appended after this time was seen; empty if none was in time. */
    OptionalLong firstAfter(long millis, Duration patience) {
        Wait.becomes(patience, () -> find(millis).isPresent());
        return find(millis);
    }

    private OptionalLong find(long millis) {
        synchronized (sightings) {
            return sightings.stream()
                    .filter(s -> s.latestAppend() > millis)
                    .mapToLong(Sighting::seen)
                    .findFirst();
        }
    }

    private void run(Kafka kafka, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer()) {
            var partitions = Kafka.partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                poll(consumer);
            }
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            long latest = Long.MIN_VALUE;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                latest = Math.max(latest, record.timestamp());
            }
            if (latest != Long.MIN_VALUE) {
                saw(new Sighting(latest, System.currentTimeMillis()));
            }
        } catch (KafkaException e) {
            // The brokers are down, and that may be what is tested.
            Wait.millis(POLL.toMillis());
        }
    }

    private void saw(Sighting sighting) {
        synchronized (sightings) {
            sightings.addLast(sighting);
            if (sightings.size() > KEPT) {
                sightings.removeFirst();
            }
        }
    }

    @Override
    public void close() {
        closing = true;
    }
}
