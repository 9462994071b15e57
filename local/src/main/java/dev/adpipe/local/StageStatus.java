package dev.adpipe.local;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/**
 * How one stage is doing, as Kafka knows it.
 *
 * @param group          its consumer group
 * @param state          of the group, {@code Stable} while it runs; {@code Unused} if nobody has ever been in it
 * @param members        who is in it, for a person
 * @param backlogRecords records between what is committed and the end, transaction markers among them; 0 if none of it is
 *                       visible to the stage
 * @param backlogTime    age of the oldest record that the stage has not committed yet; zero when caught up
 * @param withoutOffset  input partitions that have no committed offset
 * @param books          totals of all its partitions as of their last commits
 * @param restoring      input partitions whose state is being restored, by number, as was noted last
 */
public record StageStatus(
        String stage,
        String group,
        String state,
        List<String> members,
        long backlogRecords,
        Duration backlogTime,
        int withoutOffset,
        Books books,
        SortedMap<Integer, CommitMetadata.Restore> restoring) {
    public StageStatus {
        members = List.copyOf(members);
    }
}
