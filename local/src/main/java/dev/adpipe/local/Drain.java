package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells when a stage has committed everything that its input held at one moment; what comes later, ticks above all, does
 * not count. To be made when the stage before has drained. Used by one thread.
 */
public final class Drain implements AutoCloseable {
    private final String group;
    private final KafkaConnection kafka;
    private final Map<TopicPartition, Long> goal;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Takes the ends of the stage's input now.
     *
     * @throws CommandException if the pipeline is not provisioned
     */
    Drain(PipelineDefinition definition, StageTopics topics, KafkaConnection kafka) {
        List<TopicPartition> partitions = topics.inputPartitions(definition, kafka.admin());
        this.group = definition.topics().group(topics.stage());
        this.kafka = kafka;
        // A raw topic's open transaction is somebody else's and may stay open. In a topic of ours it is one that the
        // stage
        // before has committed already: the broker tells its outcome to each partition a little later, and until then
        // the committed end lies before its records.
        this.goal = topics.raw()
                ? RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.latest())
                : RecordScan.offsetsWithOpen(kafka.admin(), partitions, OffsetSpec.latest());
        this.consumer = kafka.consumer(Map.of("max.partition.fetch.bytes", "1024", "fetch.max.wait.ms", "100"));
    }

    /** Whether no record between what is committed and the ends is left; transaction markers are none. */
    public boolean isDone() {
        Admin admin = kafka.admin();
        Map<TopicPartition, OffsetAndMetadata> committed = OffsetProvisioner.committed(admin, group);
        Map<TopicPartition, Long> open = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> end : goal.entrySet()) {
            OffsetAndMetadata offset = committed.get(end.getKey());
            if (offset == null) {
                return false;
            }
            if (offset.offset() < end.getValue()) {
                open.put(end.getKey(), offset.offset());
            }
        }
        Map<TopicPartition, Long> decided =
                RecordScan.offsets(admin, new ArrayList<>(open.keySet()), OffsetSpec.latest());
        if (open.keySet().stream().anyMatch(p -> decided.get(p) < goal.get(p))) {
            return false;
        }
        AtomicBoolean found = new AtomicBoolean();
        new RecordScan(consumer).scan(open, goal, record -> {
            found.set(true);
            return RecordScan.Next.STOP;
        });
        return !found.get();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
