package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Finds the input partitions of a stage that it cannot go on with where it is. Stateless. */
final class InputGaps {
    enum Kind {
        /** The log begins after the committed offset. */
        DELETED,
        /** The log ends before the committed offset: another topic under the old name. */
        MADE_ANEW,
        /** No offset is committed. */
        NO_OFFSET
    }

    /**
     * @param committed empty for {@link Kind#NO_OFFSET} only
     * @param start     first offset of the log
     * @param end       of the log, open transactions included
     */
    record Gap(TopicPartition partition, Kind kind, Optional<OffsetAndMetadata> committed, long start, long end) {
        @Override
        public String toString() {
            return switch (kind) {
                case DELETED ->
                    partition + ": committed is offset " + offset() + ", the log begins at " + start + ": "
                            + Shown.number(start - offset()) + " records were deleted before they were processed";
                case MADE_ANEW ->
                    partition + ": committed is offset " + offset() + ", the log goes from " + start + " to " + end
                            + ": the topic was deleted and made anew";
                case NO_OFFSET -> partition + ": no offset is committed, the log goes from " + start + " to " + end;
            };
        }

        private long offset() {
            return committed.orElseThrow().offset();
        }
    }

    private InputGaps() {}

    /**
     * @throws CommandException if a topic is missing
     */
    static List<Gap> find(PipelineDefinition definition, StageTopics stage, Admin admin) {
        List<TopicPartition> partitions = stage.inputPartitions(definition, admin);
        Map<TopicPartition, OffsetAndMetadata> committed =
                OffsetProvisioner.committed(admin, definition.topics().group(stage.stage()));
        Map<TopicPartition, Long> starts = RecordScan.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = RecordScan.offsetsWithOpen(admin, partitions, OffsetSpec.latest());
        List<Gap> gaps = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Optional<OffsetAndMetadata> offset = Optional.ofNullable(committed.get(partition));
            long start = starts.get(partition);
            long end = ends.get(partition);
            if (offset.isEmpty()) {
                if (!isNew(stage, partition, start, committed)) {
                    gaps.add(new Gap(partition, Kind.NO_OFFSET, offset, start, end));
                }
            } else if (offset.get().offset() > end) {
                gaps.add(new Gap(partition, Kind.MADE_ANEW, offset, start, end));
            } else if (offset.get().offset() < start) {
                gaps.add(new Gap(partition, Kind.DELETED, offset, start, end));
            }
        }
        gaps.sort((a, b) -> OffsetProvisioner.ORDER.compare(a.partition(), b.partition()));
        return gaps;
    }

    /** A partition that a raw topic has got since: the stage begins it by itself. */
    private static boolean isNew(
            StageTopics stage, TopicPartition partition, long start, Map<TopicPartition, OffsetAndMetadata> committed) {
        List<TopicPartition> known = committed.keySet().stream()
                .filter(c -> c.topic().equals(partition.topic()))
                .toList();
        return stage.raw()
                && start == 0
                && !known.isEmpty()
                && known.stream().allMatch(c -> c.partition() < partition.partition());
    }
}
