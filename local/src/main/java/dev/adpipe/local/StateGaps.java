package dev.adpipe.local;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.CommitMetadata.ChangelogEnd;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Finds the partitions of the join whose changelog does not hold the state that their offsets were committed with. */
final class StateGaps {

    /**
     * @param changelog partition of the changelog
     * @param what      happened to it, for a person
     * @param end       of the log; what lies before is of no use without the rest
     * @param held      events that the lost state held
     */
    record Gap(TopicPartition changelog, String what, long end, long held) {}

    private StateGaps() {}

    /** By partition number. */
    static Map<Integer, Gap> find(PipelineDefinition definition, Admin admin) {
        String topic = definition.topics().joinChangelog();
        TopicDescription description = Optional.ofNullable(
                        TopicProvisioner.describe(admin, List.of(topic)).get(topic))
                .orElseThrow(() -> CommandException.failed(
                        "topic " + topic + " does not exist; make it first: adpipe provision " + definition.source()));
        var partitions = description.partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        Map<TopicPartition, Long> starts = RecordScan.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = RecordScan.offsetsWithOpen(admin, partitions, OffsetSpec.latest());
        Map<Integer, Gap> gaps = new TreeMap<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> committed : OffsetProvisioner.committed(
                        admin, definition.topics().group("join"))
                .entrySet()) {
            CommitMetadata metadata = CommitMetadata.parse(committed.getValue().metadata());
            TopicPartition changelog =
                    new TopicPartition(topic, committed.getKey().partition());
            if (metadata.changelog().isEmpty() || !ends.containsKey(changelog)) {
                continue;
            }
            ChangelogEnd known = metadata.changelog().get();
            long start = starts.get(changelog);
            long end = ends.get(changelog);
            long held = metadata.books().held();
            if (!known.topicId().equals(description.topicId())) {
                gaps.put(changelog.partition(), new Gap(changelog, "was deleted and made anew", end, held));
            } else if (end <= known.lastOffset()) {
                String what = "ends at offset " + end + ", and the state was written up to " + known.lastOffset();
                gaps.put(changelog.partition(), new Gap(changelog, what, end, held));
            } else if (start > known.lowWater()) {
                String what = "begins at offset " + start + ", and the state is held from " + known.lowWater() + " on: "
                        + Shown.number(start - known.lowWater()) + " records were deleted";
                gaps.put(changelog.partition(), new Gap(changelog, what, end, held));
            }
        }
        return gaps;
    }
}
