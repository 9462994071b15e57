package dev.adpipe.local;

import dev.adpipe.runtime.ClosingRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Reads committed records of some partitions, between offsets that are known before. Used by one thread. */
final class RecordScan {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaConsumer<byte[], byte[]> consumer;

    RecordScan(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** First offsets, or ends up to which everything is committed or aborted. */
    static Map<TopicPartition, Long> offsets(Admin admin, Iterable<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(admin, partitions, spec, IsolationLevel.READ_COMMITTED);
    }

    /** The same, with what open transactions have written. */
    static Map<TopicPartition, Long> offsetsWithOpen(
            Admin admin, Iterable<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(admin, partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Iterable<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(p -> asked.put(p, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Answer.of(admin.listOffsets(asked, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /** What to do with a record, and whether to go on. */
    enum Next {
        GO_ON,
        PARTITION_DONE,
        STOP
    }

    /** Called for each record, those of one partition in the order of their offsets. */
    interface Visitor {
        Next visit(ConsumerRecord<byte[], byte[]> record);
    }

    /**
     * Returns when everything before the ends was visited, or the visitor has seen enough.
     *
     * @throws CommandException if Kafka stops answering
     */
    void scan(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, Visitor visitor) {
        List<TopicPartition> open = new ArrayList<>();
        from.forEach((partition, offset) -> {
            if (offset < to.get(partition)) {
                open.add(partition);
            }
        });
        consumer.assign(open);
        open.forEach(partition -> consumer.seek(partition, from.get(partition)));
        long lastProgress = System.nanoTime();
        while (!open.isEmpty()) {
            int before = open.size();
            boolean any = false;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                any = true;
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (!open.contains(partition) || record.offset() >= to.get(partition) || ClosingRecord.is(record)) {
                    continue;
                }
                switch (visitor.visit(record)) {
                    case GO_ON -> {}
                    case PARTITION_DONE -> close(open, partition::equals);
                    case STOP -> {
                        return;
                    }
                }
            }
            close(open, p -> consumer.position(p) >= to.get(p));
            if (any || open.size() < before) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > PATIENCE.toNanos()) {
                throw CommandException.failed("Kafka has not delivered anything of " + open + " for "
                        + Shown.duration(PATIENCE) + ", though there should be something up to " + to);
            }
        }
    }

    private void close(List<TopicPartition> open, Predicate<TopicPartition> done) {
        List<TopicPartition> closed = open.stream().filter(done).toList();
        consumer.pause(closed);
        open.removeAll(closed);
    }
}
