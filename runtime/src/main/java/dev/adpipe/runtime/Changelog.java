package dev.adpipe.runtime;

import dev.adpipe.runtime.state.TaskState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Brings the state of assigned tasks up to date from the changelog, a slice at a time, beside the tasks that run (S3).
 *
 * <p>The order matters: the task's committed input offset is read <em>first</em>, the changelog's end after it, because
 * only then does the end cover every transaction that the offset covers. The end is asked for {@code read_uncommitted}
 * and the log read {@code read_committed}: an open transaction is waited for.
 *
 * <p>Used by the container's thread, which has others help it with the stores.
 */
final class Changelog implements AutoCloseable {
    private static final Duration SLICE = Duration.ofMillis(20);

    private final ChangelogTopic topic;
    private final LocalStores stores;
    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final BrokerOutage outage;
    private final ContainerMetrics metrics;
    private final Map<TopicPartition, Restore> restores = new HashMap<>();

    /** One task on its way. */
    private record Restore(AssignedTask task, RestoreProgress progress) {}

    /**
     * @param consumer of the changelog alone, in no group; closed with this
     */
    Changelog(
            ChangelogTopic topic,
            LocalStores stores,
            Consumer<byte[], byte[]> consumer,
            Admin admin,
            BrokerOutage outage,
            ContainerMetrics metrics) {
        this.topic = topic;
        this.stores = stores;
        this.consumer = consumer;
        this.admin = admin;
        this.outage = outage;
        this.metrics = metrics;
    }

    TopicPartition partitionOf(TopicPartition input) {
        return new TopicPartition(topic.name(), input.partition());
    }

    /** The local stores of these tasks, all of which {@link #begin} now. */
    void openAhead(Collection<AssignedTask> tasks) {
        stores.open(tasks.stream().map(task -> task.input().partition()).toList());
    }

    /** Closes the local stores that no task here has, but for those of these partitions. */
    void closeStoresUnless(IntPredicate wanted) {
        stores.closeUnless(wanted);
    }

    /** Starts the restore of a task whose committed offset has just been read. */
    void begin(AssignedTask task) {
        TopicPartition partition = partitionOf(task.input());
        refuseForeign(task);
        long end = offset(partition, OffsetSpec.latest());
        long start = offset(partition, OffsetSpec.earliest());
        TaskState state = stores.take(partition.partition());
        task.state(state, topic.id(), () -> stores.closed(partition.partition(), state.position()));
        long from = state.position();
        // A store that ends just where the log begins is of before a reset, which empties the log: in normal running
        // the
        // log holds the task's own record, and the store goes beyond it.
        boolean useless = from <= start || from > end;
        if (useless || !task.committedHere()) {
            refuseCut(task, partition, start);
        }
        if (useless) {
            if (from != 0) {
                state.drop("it ends at offset " + from + " of " + partition + ", but that log goes from " + start
                        + " to " + end);
            }
            from = start;
        }
        state.expect(end - from);
        restores.put(
                partition, new Restore(task, new RestoreProgress(task.input(), from, end, metrics.task(task.input()))));
        assign();
        consumer.seek(partition, from);
    }

    /** Reads on for a moment. Returns the tasks whose state is complete now. */
    List<AssignedTask> step() {
        if (restores.isEmpty()) {
            return List.of();
        }
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(SLICE);
            SideBySide.each(records.partitions(), partition -> apply(partition, records.records(partition)));
        } catch (OffsetOutOfRangeException e) {
            startOver(e.partitions());
        }
        return finished();
    }

    private void apply(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        TaskState state = state(restores.get(partition));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (!ClosingRecord.is(record)) {
                state.restore(record.offset(), record.key(), record.value());
            }
        }
    }

    private List<AssignedTask> finished() {
        List<AssignedTask> done = new ArrayList<>();
        for (TopicPartition partition : List.copyOf(restores.keySet())) {
            Restore restore = restores.get(partition);
            long position = position(partition);
            if (restore.progress().at(position)) {
                restore.task().note(restore.progress().note());
            }
            if (position >= restore.progress().end()) {
                state(restore).restoredTo(position);
                refuseIncomplete(restore, position);
                restores.remove(partition);
                done.add(restore.task());
                restore.progress().done(state(restore).liveKeys());
            }
        }
        if (!done.isEmpty()) {
            assign();
        }
        return done;
    }

    /** What has been read; before anything that can be restored, while Kafka is away and the consumer is not sure. */
    private long position(TopicPartition partition) {
        try {
            return consumer.position(partition, SLICE);
        } catch (TimeoutException e) {
            return -1;
        }
    }

    private static TaskState state(Restore restore) {
        return restore.task().state().orElseThrow();
    }

    /** Whether a task's state is on its way. */
    boolean restoring() {
        return !restores.isEmpty();
    }

    /** How far the states on their way are. */
    Map<Integer, Copy> copies() {
        Map<Integer, Copy> copies = new HashMap<>();
        restores.forEach((partition, restore) -> copies.put(
                partition.partition(),
                new Copy(restore.progress().position(), restore.progress().end())));
        return copies;
    }

    /** The partition was taken away in the middle of its restore. */
    void forget(AssignedTask task) {
        if (restores.remove(partitionOf(task.input())) != null) {
            assign();
        }
    }

    /**
     * A reader was overtaken by the owner's deletion of old records: what it has is worthless. The task is as if it had just
     * been assigned; the container begins with it anew.
     */
    private void startOver(Set<TopicPartition> overtaken) {
        for (TopicPartition partition : overtaken) {
            AssignedTask task = restores.remove(partition).task();
            task.state()
                    .orElseThrow()
                    .drop("its restore was overtaken by the deletion of old records of " + partition + ": starts over");
            task.close();
        }
        assign();
    }

    private void refuseForeign(AssignedTask task) {
        task.committed().changelog().ifPresent(end -> {
            if (!end.topicId().equals(topic.id())) {
                throw refused(
                        task,
                        "was committed with changelog topic id " + end.topicId() + ", but " + topic.name()
                                + " now has the id " + topic.id() + ": the topic was deleted and made anew");
            }
        });
    }

    /**
     * The log alone must hold the whole state: there is no local store, or only one that may have been made from the log after
     * it was cut, as a standby copy is.
     */
    private static void refuseCut(AssignedTask task, TopicPartition changelog, long start) {
        task.committed().changelog().filter(end -> start > end.lowWater()).ifPresent(end -> {
            throw refused(
                    task,
                    "was committed with state that " + changelog + " holds from offset " + end.lowWater()
                            + " on, but that log begins at " + start + " now: " + (start - end.lowWater())
                            + " records were deleted, and there is no local state to go on from: none, or only a copy made"
                            + " from that log. The container that has committed last, '"
                            + task.committed().by() + "', can go on if its disk is whole");
        });
    }

    private void refuseIncomplete(Restore restore, long position) {
        AssignedTask task = restore.task();
        TaskState state = task.state().orElseThrow();
        if (task.committed().changelog().isPresent()) {
            long last = task.committed().changelog().get().lastOffset();
            if (position <= last) {
                throw refused(
                        task,
                        "was committed with changelog records up to offset " + last + " of " + partitionOf(task.input())
                                + ", but that log ends at " + position + ": records are missing");
            }
        } else if (state.taskRecord().isPresent()) {
            throw refused(
                    task,
                    "has never been committed by this stage, but " + partitionOf(task.input())
                            + " holds its state: the offsets were reset without the changelog");
        }
    }

    private static ContainerExitException refused(AssignedTask task, String what) {
        return new ContainerExitException(
                ExitReason.REFUSED,
                "the offset of " + task.input() + " " + what
                        + ". Going on would lose events or count them twice. Stop the stage's processes and run `adpipe reset`"
                        + " with the definition and --stage join: it says what that means, and asks");
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return outage.await(
                        "read the offsets of " + partition,
                        () -> admin.listOffsets(
                                        Map.of(partition, spec),
                                        new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .partitionResult(partition))
                .offset();
    }

    private void assign() {
        // Positions of the partitions that stay are kept by the consumer.
        consumer.assign(restores.keySet());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
