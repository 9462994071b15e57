package dev.adpipe.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Says what is missing of an input between what is committed and what is there. Used by the container's thread. */
final class InputGap {
    private final ContainerSettings settings;
    private final Admin admin;
    private final BrokerOutage outage;

    InputGap(ContainerSettings settings, Admin admin, BrokerOutage outage) {
        this.settings = settings;
        this.admin = admin;
        this.outage = outage;
    }

    /** What to end with: with the numbers of each partition whose log does not hold the position any more. */
    ContainerExitException refusal(OffsetOutOfRangeException error) {
        Set<TopicPartition> partitions =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        partitions.addAll(error.partitions());
        Map<TopicPartition, OffsetAndMetadata> committed = outage.await(
                "read the offsets of group " + settings.group(),
                () -> admin.listConsumerGroupOffsets(Map.of(settings.group(), new ListConsumerGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(settings.group()));
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        List<String> gaps = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long from = offset == null ? error.offsetOutOfRangePartitions().get(partition) : offset.offset();
            gaps.add(gap(partition, from, starts.get(partition), ends.get(partition)));
        }
        return new ContainerExitException(
                ExitReason.REFUSED,
                "group " + settings.group() + " cannot go on where it is:\n  " + String.join("\n  ", gaps)
                        + "\nGoing on elsewhere would lose or repeat records silently. Stop the stage's processes and run"
                        + " `adpipe reset` with the definition and --stage " + settings.stage()
                        + ": it says what that means, and asks.",
                error);
    }

    private static String gap(TopicPartition partition, long committed, long start, long end) {
        if (committed < start) {
            return partition + ": committed is offset " + committed + ", the log begins at " + start + ": "
                    + (start - committed) + " records were deleted before they were processed";
        }
        if (committed > end) {
            return partition + ": committed is offset " + committed + ", the log ends at " + end
                    + ": the topic was deleted and made anew, or has lost records";
        }
        return partition + ": committed is offset " + committed + ", the log goes from " + start + " to " + end
                + ": records were deleted while they were being read";
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        outage.await(
                        "read the offsets of " + partitions,
                        () -> admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .all())
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }
}
