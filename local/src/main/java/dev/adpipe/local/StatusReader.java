package dev.adpipe.local;

import dev.adpipe.local.StageStatus.PartitionBacklog;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks Kafka how the stages of a pipeline are doing; needs none of their processes. Used by one thread.
 *
 * <p>A stage's backlog ends at the last stable offset, and begins at the first record that it has yet to commit: one record
 * per partition that is behind is read for that. So trailing transaction markers are no backlog; markers between records
 * are counted as records.
 */
public final class StatusReader implements AutoCloseable {
    private final PipelineDefinition definition;
    private final List<StageTopics> stages;
    private final KafkaConnection kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Clock clock;

    private StatusReader(PipelineDefinition definition, List<StageTopics> stages, KafkaConnection kafka, Clock clock) {
        this.definition = definition;
        this.stages = List.copyOf(stages);
        this.kafka = kafka;
        this.clock = clock;
        // One record per partition is wanted; a partition gives at least one batch, however small this is.
        this.consumer = kafka.consumer(Map.of("max.partition.fetch.bytes", "1024", "fetch.max.wait.ms", "100"));
    }

    /**
     * @throws CommandException if no Kafka answers
     */
    public static StatusReader open(PipelineDefinition definition) {
        return open(definition, Clock.SYSTEM);
    }

    static StatusReader open(PipelineDefinition definition, Clock clock) {
        return open(definition, StageTopics.of(definition), clock);
    }

    /** Of stages that read or write other topics than the definition's own. */
    static StatusReader open(PipelineDefinition definition, List<StageTopics> stages, Clock clock) {
        return new StatusReader(definition, stages, KafkaConnection.open(definition.kafka()), clock);
    }

    /**
     * The three stages, in the order of a record's way.
     *
     * @throws CommandException if the pipeline is not provisioned
     */
    public List<StageStatus> read() {
        List<StageStatus> all = new ArrayList<>();
        for (StageTopics stage : stages) {
            all.add(read(stage));
        }
        return all;
    }

    /**
     * Watches one stage empty its input; the caller closes it, and does so before this.
     *
     * @throws CommandException if the pipeline is not provisioned
     */
    public Drain drain(PipelineStage stage) {
        return drain(StageTopics.of(definition, stage));
    }

    Drain drain(StageTopics stage) {
        return new Drain(definition, stage, kafka);
    }

    KafkaConnection kafka() {
        return kafka;
    }

    /** Ends of topics, with what open transactions have written. */
    public Map<TopicPartition, Long> ends(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        TopicProvisioner.describe(kafka.admin(), topics)
                .forEach((name, topic) ->
                        topic.partitions().forEach(p -> partitions.add(new TopicPartition(name, p.partition()))));
        return RecordScan.offsetsWithOpen(kafka.admin(), partitions, OffsetSpec.latest());
    }

    @Override
    public void close() {
        consumer.close();
        kafka.close();
    }

    private StageStatus read(StageTopics stage) {
        String group = definition.topics().group(stage.stage());
        List<TopicPartition> partitions = stage.inputPartitions(definition, kafka.admin());
        Map<TopicPartition, OffsetAndMetadata> committed = OffsetProvisioner.committed(kafka.admin(), group);
        Map<TopicPartition, Long> ends = RecordScan.offsets(kafka.admin(), partitions, OffsetSpec.latest());
        Books books = new Books();
        Map<TopicPartition, Long> behind = new HashMap<>();
        SortedMap<Integer, CommitMetadata.Restore> restoring = new TreeMap<>();
        int withoutOffset = 0;
        long sum = 0;
        Map<TopicPartition, Long> known = new LinkedHashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset == null) {
                withoutOffset++;
            } else {
                CommitMetadata metadata = CommitMetadata.parse(offset.metadata());
                books.add(metadata.books());
                known.put(partition, offset.offset());
                sum += offset.offset();
                metadata.restore().ifPresent(progress -> restoring.put(partition.partition(), progress));
                if (offset.offset() < ends.get(partition)) {
                    behind.put(partition, offset.offset());
                }
            }
        }
        List<PartitionBacklog> backlog = backlog(known, behind, ends);
        Optional<ConsumerGroupDescription> description = GroupMembers.describe(kafka.admin(), group);
        return new StageStatus(
                stage.stage(),
                group,
                description.map(d -> d.groupState().toString()).orElse("Unused"),
                description.map(GroupMembers::each).orElse(List.of()),
                description.map(GroupMembers::hosts).orElse(new TreeSet<>()),
                backlog.stream().mapToLong(PartitionBacklog::records).sum(),
                backlog.stream()
                        .map(PartitionBacklog::time)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                backlog,
                sum,
                withoutOffset,
                books,
                restoring);
    }

    private List<PartitionBacklog> backlog(
            Map<TopicPartition, Long> known, Map<TopicPartition, Long> behind, Map<TopicPartition, Long> ends) {
        long now = clock.millis();
        Map<TopicPartition, PartitionBacklog> backlog = new HashMap<>();
        new RecordScan(consumer).scan(behind, ends, record -> {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Duration age = Duration.ofMillis(Math.max(0, now - record.timestamp()));
            backlog.put(
                    partition,
                    new PartitionBacklog(partition, behind.get(partition), ends.get(partition) - record.offset(), age));
            return RecordScan.Next.PARTITION_DONE;
        });
        return known.entrySet().stream()
                .map(e -> backlog.getOrDefault(
                        e.getKey(), new PartitionBacklog(e.getKey(), e.getValue(), 0, Duration.ZERO)))
                .toList();
    }

    /** A look at the newest rows; used by this reader's thread. */
    public RowDelay rowDelay() {
        return new RowDelay(
                kafka.admin(),
                consumer,
                definition.topics().rows(),
                definition.shuffle().partitions());
    }
}
