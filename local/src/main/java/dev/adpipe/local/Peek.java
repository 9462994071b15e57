package dev.adpipe.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the first or the last committed records of a topic. Used by one thread. */
final class Peek {
    private static final Comparator<ConsumerRecord<byte[], byte[]>> IN_TIME = Comparator.comparingLong(
                    (ConsumerRecord<byte[], byte[]> r) -> r.timestamp())
            .thenComparingInt(ConsumerRecord::partition)
            .thenComparingLong(ConsumerRecord::offset);

    private final KafkaConnection kafka;

    Peek(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** The first records, partition by partition as they come. */
    List<ConsumerRecord<byte[], byte[]>> first(String topic, OptionalInt partition, int max) {
        List<TopicPartition> partitions = partitions(topic, partition);
        return read(
                RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.earliest()),
                RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.latest()),
                max);
    }

    /** The last records, in the order of their timestamps. */
    List<ConsumerRecord<byte[], byte[]>> last(String topic, OptionalInt partition, int max) {
        List<TopicPartition> partitions = partitions(topic, partition);
        Map<TopicPartition, Long> begins = RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.latest());
        // Transaction markers take offsets too: look further back until there are enough records.
        for (long window = 2L * max; ; window *= 8) {
            Map<TopicPartition, Long> from = new HashMap<>();
            for (TopicPartition p : partitions) {
                from.put(p, Math.max(begins.get(p), ends.get(p) - window));
            }
            List<ConsumerRecord<byte[], byte[]>> found = read(from, ends, Integer.MAX_VALUE);
            if (found.size() >= max || from.equals(begins)) {
                found.sort(IN_TIME);
                return found.subList(Math.max(0, found.size() - max), found.size());
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(
            Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, int max) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        if (max > 0) {
            try (KafkaConsumer<byte[], byte[]> consumer = kafka.consumer(Map.of())) {
                new RecordScan(consumer).scan(from, to, record -> {
                    found.add(record);
                    return found.size() < max ? RecordScan.Next.GO_ON : RecordScan.Next.STOP;
                });
            }
        }
        return found;
    }

    private List<TopicPartition> partitions(String topic, OptionalInt partition) {
        TopicDescription description =
                TopicProvisioner.describe(kafka.admin(), List.of(topic)).get(topic);
        if (description == null) {
            throw CommandException.failed(
                    "topic " + topic + " does not exist; 'adpipe provision' makes a pipeline's" + " topics");
        }
        List<TopicPartition> all = description.partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .filter(p -> partition.isEmpty() || partition.getAsInt() == p.partition())
                .toList();
        if (all.isEmpty()) {
            throw CommandException.usage("--partition = " + partition.getAsInt() + ": " + topic
                    + " has partitions 0 to " + (description.partitions().size() - 1));
        }
        return all;
    }
}
