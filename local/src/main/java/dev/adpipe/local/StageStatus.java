package dev.adpipe.local;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.kafka.common.TopicPartition;

/**
 * How one stage is doing, as Kafka knows it.
 *
 * @param group          its consumer group
 * @param state          of the group, {@code Stable} while it runs; {@code Unused} if nobody has ever been in it
 * @param members        who is in it, for a person
 * @param hosts          where they are
 * @param backlogRecords records between what is committed and the end, transaction markers among them; 0 if none of it is
 *                       visible to the stage
 * @param backlogTime    age of the oldest record that the stage has not committed yet; zero when caught up
 * @param partitions     the backlog of each input partition that has a committed offset
 * @param committed      sum of the committed offsets: it grows while the stage gets on
 * @param withoutOffset  input partitions that have no committed offset
 * @param books          totals of all its partitions as of their last commits
 * @param restoring      input partitions whose state is being restored, by number, as was noted last
 */
public record StageStatus(
        String stage,
        String group,
        String state,
        List<String> members,
        SortedSet<String> hosts,
        long backlogRecords,
        Duration backlogTime,
        List<PartitionBacklog> partitions,
        long committed,
        int withoutOffset,
        Books books,
        SortedMap<Integer, CommitMetadata.Restore> restoring) {
    public StageStatus {
        members = List.copyOf(members);
        partitions = List.copyOf(partitions);
    }

    /**
     * @param committed offset
     * @param records from the next record that is not committed to the last visible one; 0 if only transaction markers are left
     * @param time    age of the next record that is not committed; zero when caught up
     */
    public record PartitionBacklog(TopicPartition partition, long committed, long records, Duration time) {}
}
