package dev.adpipe.runtime;

import dev.adpipe.runtime.CommitMetadata.Growth;
import java.util.Map;
import java.util.OptionalInt;
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
    /** All containers meet a topic's new partitions within this time; later, a missing offset is a lost one. */
    private static final long TOGETHER_MS = 3_600_000;

    private final ContainerSettings settings;
    private final Admin admin;
    private final BrokerOutage outage;
    private final Clock clock;

    FirstOffsets(ContainerSettings settings, Admin admin, BrokerOutage outage, Clock clock) {
        this.settings = settings;
        this.admin = admin;
        this.outage = outage;
        this.clock = clock;
    }

    /**
     * Offset 0, if the partition's number is above all those of its topic that have a committed offset and its log is
     * complete: the topic has grown. A partition that another container has begun as new at the same time, when the highest
     * number was still below this one's, does not count.
     *
     * @throws ContainerExitException otherwise
     */
    OffsetAndMetadata of(TopicPartition partition) {
        if (settings.inputsMayGrow()) {
            OptionalInt highest = highestBefore(partition);
            if (highest.isPresent() && partition.partition() > highest.getAsInt() && isComplete(partition)) {
                return new OffsetAndMetadata(
                        0,
                        CommitMetadata.grown(new Growth(highest.getAsInt(), clock.millis()))
                                .encode());
            }
        }
        throw new ContainerExitException(
                ExitReason.REFUSED,
                "group " + settings.group() + " has no committed offset for " + partition
                        + ". Where to begin is never guessed. If the stage has never run, run `adpipe provision` with the"
                        + " definition: it commits the first offsets. If it has, its offset is lost: stop its processes and"
                        + " run `adpipe reset` with the definition and --stage " + settings.stage()
                        + ": it says what is lost or repeated, and asks");
    }

    /** Highest number of the topic with a committed offset, those left out that prove to be as new as this one. */
    private OptionalInt highestBefore(TopicPartition partition) {
        Map<TopicPartition, OffsetAndMetadata> committed = outage.await(
                "read the offsets of group " + settings.group(),
                () -> admin.listConsumerGroupOffsets(Map.of(settings.group(), new ListConsumerGroupOffsetsSpec()))
                        .partitionsToOffsetAndMetadata(settings.group()));
        return committed.entrySet().stream()
                .filter(e -> e.getValue() != null && e.getKey().topic().equals(partition.topic()))
                .filter(e -> !isAsNew(CommitMetadata.parse(e.getValue().metadata()), partition.partition()))
                .mapToInt(e -> e.getKey().partition())
                .max();
    }

    private boolean isAsNew(CommitMetadata other, int partition) {
        return other.growth()
                .filter(growth -> growth.highestBefore() < partition && clock.millis() - growth.at() < TOGETHER_MS)
                .isPresent();
    }

    private boolean isComplete(TopicPartition partition) {
        return outage.await(
                                "read the start of " + partition,
                                () -> admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                        .partitionResult(partition))
                        .offset()
                == 0;
    }
}
