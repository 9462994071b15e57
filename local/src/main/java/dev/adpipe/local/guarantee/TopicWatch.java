package dev.adpipe.local.guarantee;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Sees the records of a topic as they become visible, on a thread of its own, and tells when work has gone on after a fault.
 * Asked by any thread.
 */
final class TopicWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    /** Of the last sightings only: a question is about the last fault. */
    private static final int KEPT = 10_000;

    private final Deque<Sighting> sightings = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closing;

    /** A poll that gave records of a partition: the latest append time among them, and when they were seen. */
    private record Sighting(int partition, long latestAppend, long seen) {}

    TopicWatch(Kafka kafka, String topic) {
        thread = new Thread(() -> run(kafka, topic), "watch-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    /** When the first record appended after this time was seen; empty if none was in time. */
    OptionalLong firstAfter(long millis, Duration patience) {
        Wait.becomes(patience, () -> find(millis).isPresent());
        return find(millis);
    }

    /**
     * When each of these partitions had such a record, for the first time: the first and the last of them. Empty if not all
     * had one in time.
     */
    Optional<Span> after(long millis, Set<Integer> partitions, Duration patience) {
        Wait.becomes(patience, () -> find(millis, partitions).isPresent());
        return find(millis, partitions);
    }

    /** Milliseconds since the epoch. */
    record Span(long first, long last) {}

    private Optional<Span> find(long millis, Set<Integer> partitions) {
        Map<Integer, Long> first = new HashMap<>();
        synchronized (sightings) {
            sightings.stream()
                    .filter(s -> s.latestAppend() > millis && partitions.contains(s.partition()))
                    .forEach(s -> first.putIfAbsent(s.partition(), s.seen()));
        }
        return first.size() < partitions.size() || first.isEmpty()
                ? Optional.empty()
                : Optional.of(new Span(Collections.min(first.values()), Collections.max(first.values())));
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
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = System.currentTimeMillis();
            for (TopicPartition partition : records.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> of = records.records(partition);
                saw(new Sighting(partition.partition(), of.get(of.size() - 1).timestamp(), now));
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
