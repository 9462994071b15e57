package dev.adpipe.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * How old an event was when its row was there: append time of a row − its event time, of a few of the newest rows of each
 * partition. Used by one thread.
 */
public final class RowDelay {
    private static final int ROWS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Admin admin;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> seen = new HashMap<>();
    private final Map<TopicPartition, List<Long>> delays = new HashMap<>();

    RowDelay(Admin admin, KafkaConsumer<byte[], byte[]> consumer, String topic, int partitions) {
        this.admin = admin;
        this.consumer = consumer;
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
    }

    /** The median over all partitions; empty before the first row. Reads only partitions that have grown. */
    public Optional<Duration> read() {
        Map<TopicPartition, Long> ends = RecordScan.offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = RecordScan.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> from = new HashMap<>();
        ends.forEach((partition, end) -> {
            if (!end.equals(seen.get(partition))) {
                // Every second offset may be a transaction marker, when there is little traffic.
                from.put(partition, Math.max(starts.get(partition), end - 2 * ROWS));
            }
        });
        Map<TopicPartition, List<Long>> read = new HashMap<>();
        new RecordScan(consumer).scan(from, ends, row -> {
            delay(row)
                    .ifPresent(delay -> read.computeIfAbsent(
                                    new TopicPartition(row.topic(), row.partition()), p -> new ArrayList<>())
                            .add(delay));
            return RecordScan.Next.GO_ON;
        });
        delays.putAll(read);
        seen.putAll(ends);
        List<Long> all = delays.values().stream().flatMap(List::stream).sorted().toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(Duration.ofMillis(all.get(all.size() / 2)));
    }

    private static OptionalLong delay(ConsumerRecord<byte[], byte[]> row) {
        if (row.value() == null) {
            return OptionalLong.empty();
        }
        try {
            JsonNode time = JSON.readTree(row.value()).path("__time");
            return OptionalLong.of(
                    Math.max(0, row.timestamp() - Instant.parse(time.asText()).toEpochMilli()));
        } catch (IOException | DateTimeParseException e) {
            // A RowTransform may have changed what a row looks like; then it says nothing of its delay.
            return OptionalLong.empty();
        }
    }
}
