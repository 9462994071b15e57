package dev.adpipe.runtime;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a partition without a committed offset begins: nowhere, except a raw topic's new partition. Starting over
 * silently would count everything twice.
 */
final class FirstOffsets {
    private final ContainerSettings settings;
    private final Admin admin;
    private final BrokerOutage outage;

    FirstOffsets(ContainerSettings settings, Admin admin, BrokerOutage outage) {
        this.settings = settings;
        this.admin = admin;
        this.outage = outage;
    }

    /**
     * Offset 0, if the partition's number is above all those of its topic that have a committed offset and its log is
     * complete: the topic has grown.
     *
     * @throws ContainerExitException otherwise
     */
    OffsetAndMetadata of(TopicPartition partition) {
        if (settings.inputsMayGrow() && isGrowth(partition)) {
            return new OffsetAndMetadata(0);
        }
        throw new ContainerExitException(
                ExitReason.REFUSED,
                "group " + settings.group() + " has no committed offset for " + partition
                        + ". Where to begin is never guessed: run `adpipe provision` with the definition, which commits the"
                        + " first offsets that are missing");
    }

    private boolean isGrowth(TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> committed = outage.await(
                "read the offsets of group " + settings.group(),
                () -> admin.listConsumerGroupOffsets(Map.of(settings.group(), new ListConsumerGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(settings.group()));
        int highest = committed.entrySet().stream()
                .filter(e -> e.getValue() != null && e.getKey().topic().equals(partition.topic()))
                .mapToInt(e -> e.getKey().partition())
                .max()
                .orElse(Integer.MAX_VALUE);
        return partition.partition() > highest
                && outage.await(
                                        "read the start of " + partition,
                                        () -> admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                                .partitionResult(partition))
                                .offset()
                        == 0;
    }
}
