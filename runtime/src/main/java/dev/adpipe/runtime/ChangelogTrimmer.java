package dev.adpipe.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shortens the changelog (S4): once a minute, to the low-water mark of ten minutes ago, so that a reader that began at
 * the old start is not overtaken. Nothing waits for the deletion; one that fails is made up for by the next.
 *
 * <p>Used by the container's thread.
 */
final class ChangelogTrimmer {
    private static final Logger log = LoggerFactory.getLogger(ChangelogTrimmer.class);
    private static final long INTERVAL_MS = 60_000;
    private static final long KEEP_MS = 10 * 60_000;

    private final Admin admin;
    private final Deque<Marks> history = new ArrayDeque<>();
    private long next;

    private record Marks(long time, Map<TopicPartition, Long> lowWater) {}

    ChangelogTrimmer(Admin admin) {
        this.admin = admin;
    }

    void trim(long now, Changelog changelog, Iterable<AssignedTask> tasks) {
        if (now < next) {
            return;
        }
        next = now + INTERVAL_MS;
        Map<TopicPartition, Long> lowWater = new HashMap<>();
        for (AssignedTask task : tasks) {
            if (task.running()) {
                // What is committed, not what the store knows: a restore refuses a log that is shorter than that.
                task.committed()
                        .changelog()
                        .ifPresent(end -> lowWater.put(changelog.partitionOf(task.input()), end.lowWater()));
            }
        }
        history.addLast(new Marks(now, lowWater));
        while (!history.isEmpty() && history.peekFirst().time() <= now - KEEP_MS) {
            delete(history.removeFirst().lowWater(), lowWater);
        }
    }

    /** Only partitions that are still ours: a new owner has marks of its own. */
    private void delete(Map<TopicPartition, Long> old, Map<TopicPartition, Long> current) {
        Map<TopicPartition, RecordsToDelete> deletions = new HashMap<>();
        old.forEach((partition, offset) -> {
            if (offset > 0 && current.containsKey(partition)) {
                deletions.put(partition, RecordsToDelete.beforeOffset(offset));
            }
        });
        if (!deletions.isEmpty()) {
            admin.deleteRecords(deletions).all().whenComplete((done, error) -> {
                if (error != null) {
                    log.warn(
                            "Old changelog records of {} were not deleted: {}", deletions.keySet(), error.getMessage());
                }
            });
        }
    }
}
