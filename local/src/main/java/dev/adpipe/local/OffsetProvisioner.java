package dev.adpipe.local;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits the first offsets of the stages, where none are committed (DESIGN §3): a container never chooses by itself where
 * to begin.
 */
final class OffsetProvisioner {
    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final PipelineDefinition definition;
    private final Admin admin;
    private final GroupMembers members;
    private final Consumer<String> report;

    OffsetProvisioner(PipelineDefinition definition, Admin admin, GroupMembers members, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.members = members;
        this.report = report;
    }

    /**
     * @param removeStopped removes static members that are gone from a group that has to be empty
     * @throws CommandException refused
     */
    void provision(boolean removeStopped) {
        for (StageTopics stage : StageTopics.of(definition)) {
            provision(stage, removeStopped);
        }
    }

    private void provision(StageTopics stage, boolean removeStopped) {
        String group = definition.topics().group(stage.stage());
        Map<String, TopicDescription> topics = TopicProvisioner.describe(admin, stage.inputs());
        if (!topics.keySet().containsAll(stage.inputs())) {
            throw CommandException.failed(
                    "group " + group + ": of the topics " + stage.inputs() + " only " + topics.keySet()
                            + " are known to the broker; without the others their first offsets cannot be committed. Run this again");
        }
        Map<TopicPartition, OffsetAndMetadata> committed = committed(admin, group);
        Set<TopicPartition> missing = new HashSet<>();
        topics.forEach((name, topic) -> topic.partitions().forEach(p -> {
            TopicPartition partition = new TopicPartition(name, p.partition());
            if (!committed.containsKey(partition)) {
                missing.add(partition);
            }
        }));
        if (missing.isEmpty()) {
            report.accept("group " + group + ": every partition has an offset");
            return;
        }
        refuseLost(stage, group, missing, committed.keySet());
        members.requireNone(group, removeStopped);
        commitFirst(admin, group, firstOffsets(missing, committed.keySet()), report);
    }

    /** What is committed for a group; partitions without an offset are absent. */
    static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) {
        Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
        Answer.of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        known.put(partition, offset);
                    }
                });
        return known;
    }

    /**
     * An offset that is missing because Kafka dropped it (a group without members keeps its offsets for
     * {@code offsets.retention.minutes}) looks like one that never was; going on at the start would count twice.
     */
    private void refuseLost(
            StageTopics stage, String group, Set<TopicPartition> missing, Set<TopicPartition> committed) {
        boolean hasRun = committed.isEmpty() ? hasRecords(admin, stage.outputs()) : !stage.raw();
        List<TopicPartition> lost = missing.stream()
                .filter(p -> hasRun || committed.stream().anyMatch(c -> isBelow(p, c)))
                .sorted(ORDER)
                .toList();
        if (!lost.isEmpty()) {
            throw CommandException.refused("group " + group + " has lost its offset of " + names(lost)
                    + ": the stage has run before, and starting there anew would count everything in "
                    + String.join(", ", stage.inputs())
                    + " twice. Where to go on, and what that loses or repeats, says and asks: adpipe reset "
                    + definition.source() + " --stage " + stage.stage());
        }
    }

    private static boolean isBelow(TopicPartition missing, TopicPartition committed) {
        return committed.topic().equals(missing.topic()) && committed.partition() > missing.partition();
    }

    /** Whether any of the topics that exist was ever written to. */
    static boolean hasRecords(Admin admin, Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        TopicProvisioner.describe(admin, topics)
                .forEach((name, topic) ->
                        topic.partitions().forEach(p -> partitions.add(new TopicPartition(name, p.partition()))));
        return RecordScan.offsets(admin, partitions, OffsetSpec.latest()).values().stream()
                .anyMatch(end -> end > 0);
    }

    private Map<TopicPartition, Long> firstOffsets(Set<TopicPartition> missing, Set<TopicPartition> committed) {
        Set<TopicPartition> atEnd = new HashSet<>();
        Set<TopicPartition> atBeginning = new HashSet<>();
        for (TopicPartition partition : missing) {
            // A partition that a known topic has got since is read whole, or its first records would be lost.
            boolean grown = committed.stream().anyMatch(c -> c.topic().equals(partition.topic()));
            (startsAtEnd(partition.topic()) && !grown ? atEnd : atBeginning).add(partition);
        }
        Map<TopicPartition, Long> first = new TreeMap<>(ORDER);
        first.putAll(RecordScan.offsets(admin, atBeginning, OffsetSpec.earliest()));
        // The last stable offset: a transaction open now is new, and is read when it is committed.
        first.putAll(RecordScan.offsets(admin, atEnd, OffsetSpec.latest()));
        return first;
    }

    /** A topic that several streams share is read from the start if one of them wants it so. */
    private boolean startsAtEnd(String topic) {
        List<StreamDefinition> readers = definition.streams().stream()
                .filter(stream -> stream.topics().contains(topic))
                .toList();
        return !readers.isEmpty()
                && readers.stream().allMatch(stream -> stream.start() == StreamDefinition.Start.LATEST);
    }

    /** The group must be empty. */
    static void commitFirst(Admin admin, String group, Map<TopicPartition, Long> first, Consumer<String> report) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        String metadata = CommitMetadata.initial().encode();
        first.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset, metadata)));
        Answer.of(admin.alterConsumerGroupOffsets(group, offsets).all());
        Map<String, List<String>> byTopic = new TreeMap<>();
        first.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), t -> new ArrayList<>())
                .add(partition.partition() + ":" + offset));
        byTopic.forEach((topic, list) -> report.accept("group " + group + ": first offsets of " + topic
                + " committed (partition:offset) " + String.join(" ", list)));
    }

    private static String names(List<TopicPartition> partitions) {
        return String.join(
                ", ", partitions.stream().map(TopicPartition::toString).toList());
    }
}
