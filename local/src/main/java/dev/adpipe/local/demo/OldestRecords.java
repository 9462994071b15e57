package dev.adpipe.local.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds out when the next record of a stage was appended. Used by one thread; the consumer stays its owner's. */
final class OldestRecords {
    private static final Duration PATIENCE = Duration.ofMillis(150);

    private final Consumer<byte[], byte[]> consumer;

    OldestRecords(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * @param positions where to look; what is not visible there soon, because of an open transaction, is left out
     * @return append times in milliseconds
     */
    Map<TopicPartition, Long> timestamps(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> found = new HashMap<>();
        if (positions.isEmpty()) {
            return found;
        }
        consumer.assign(positions.keySet());
        positions.forEach(consumer::seek);
        long end = System.nanoTime() + PATIENCE.toNanos();
        Set<TopicPartition> missing = new HashSet<>(positions.keySet());
        while (!missing.isEmpty() && System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (missing.remove(partition)) {
                    found.put(partition, record.timestamp());
                }
            }
            consumer.pause(found.keySet());
        }
        return found;
    }
}
