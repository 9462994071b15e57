package dev.adpipe.local.guarantee;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.ClosingRecord;
import dev.adpipe.runtime.CommitMetadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the run asks Kafka from outside: everything committed in a topic, the books of a stage. Past the proxies, with
 * clients of its own for each question.
 *
 * @param bootstrap the brokers' direct listeners
 */
record Kafka(String bootstrap) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** All records that a read-committed consumer sees now, those of a partition in order. */
    void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                var records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                } else if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("no records of " + topic + " for " + PATIENCE.toSeconds()
                            + " s, though there should be some");
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (!ClosingRecord.is(record)) {
                        visitor.accept(record);
                    }
                }
            }
        }
    }

    /** Committed, by no group. */
    KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", bootstrap);
        p.put("isolation.level", "read_committed");
        p.put("enable.auto.commit", false);
        p.put("auto.offset.reset", "earliest");
        p.put("max.poll.records", 5_000);
        p.put("reconnect.backoff.max.ms", 500L);
        return new KafkaConsumer<>(p, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
    }

    /** The committed books of all partitions of a stage, by its group. */
    Books books(String group) {
        try (Admin admin = admin()) {
            Books sum = new Books();
            answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .values()
                    .forEach(offset ->
                            sum.add(CommitMetadata.parse(offset.metadata()).books()));
            return sum;
        }
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /** Raw topics whose records bear the time at which they came: the checker needs it. */
    void createRaw(List<String> topics, int partitions, int replicas) {
        try (Admin admin = admin()) {
            List<NewTopic> raw = new ArrayList<>();
            for (String topic : topics) {
                raw.add(new NewTopic(topic, partitions, (short) replicas)
                        .configs(Map.of(
                                "message.timestamp.type",
                                "LogAppendTime",
                                "min.insync.replicas",
                                Integer.toString(Math.max(1, replicas - 1)))));
            }
            answer(admin.createTopics(raw).all());
            Wait.until(
                    "the raw topics are known",
                    PATIENCE,
                    () -> answer(admin.listTopics().names()).containsAll(topics));
        }
    }

    static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
