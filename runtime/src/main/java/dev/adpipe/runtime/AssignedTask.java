package dev.adpipe.runtime;

import dev.adpipe.runtime.CommitMetadata.ChangelogEnd;
import dev.adpipe.runtime.state.ChangelogRecord;
import dev.adpipe.runtime.state.KeyedState;
import dev.adpipe.runtime.state.TaskState;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * One input partition of this container: its task, its state, how far it has come and how much of that is committed.
 *
 * <pre>ASSIGNED ──committed offset known──> RESTORING ──state complete──> RUNNING</pre>
 *
 * A stage without state goes from ASSIGNED to RUNNING. Used by the container's thread.
 */
final class AssignedTask {
    enum Phase {
        ASSIGNED,
        RESTORING,
        RUNNING
    }

    private final TopicPartition input;
    private final String container;
    private Phase phase = Phase.ASSIGNED;
    private CommitMetadata committed = CommitMetadata.initial();
    private long committedOffset;
    private long position;
    private Optional<Integer> leaderEpoch = Optional.empty();
    private Optional<TaskState> state = Optional.empty();
    private Uuid changelogId = Uuid.ZERO_UUID;
    private Task task;
    private boolean wrote;
    private long retryAt;
    private boolean pausedAsFull;
    private Runnable onClose = () -> {};
    private CommitMetadata.Restore restoreNote;

    /**
     * @param container its id, which is committed with the offset
     */
    AssignedTask(TopicPartition input, String container) {
        this.input = input;
        this.container = container;
    }

    TopicPartition input() {
        return input;
    }

    Phase phase() {
        return phase;
    }

    boolean running() {
        return phase == Phase.RUNNING;
    }

    CommitMetadata committed() {
        return committed;
    }

    /** Whether this container made the last commit, so that its local state is what was committed, not a copy of a log. */
    boolean committedHere() {
        return committed.by().equals(container);
    }

    long position() {
        return position;
    }

    Optional<TaskState> state() {
        return state;
    }

    Task task() {
        return task;
    }

    /** The committed offset is known; with a changelog, its state comes next. */
    void restoring(OffsetAndMetadata offset, CommitMetadata metadata) {
        committed = metadata;
        committedOffset = offset.offset();
        position = committedOffset;
        leaderEpoch = offset.leaderEpoch();
        phase = Phase.RESTORING;
    }

    /**
     * @param opened      closed with the task
     * @param beforeClose done then
     */
    void state(TaskState opened, Uuid changelogTopicId, Runnable beforeClose) {
        state = Optional.of(opened);
        changelogId = changelogTopicId;
        onClose = beforeClose;
    }

    /** How far the restore is; to be committed beside the offset, for whoever looks at Kafka from outside. */
    void note(CommitMetadata.Restore progress) {
        restoreNote = progress;
    }

    /** The committed offset once more, with what was noted since the last time, if anything was. */
    Optional<OffsetAndMetadata> noted() {
        if (phase != Phase.RESTORING || restoreNote == null) {
            return Optional.empty();
        }
        committed = committed.restoring(container, restoreNote);
        restoreNote = null;
        return Optional.of(new OffsetAndMetadata(committedOffset, leaderEpoch, committed.encode()));
    }

    void run(Job job, Clock clock) {
        open(job, clock);
        phase = Phase.RUNNING;
    }

    /** The task has sent something; its offset is to be part of the transaction. */
    void wrote() {
        wrote = true;
    }

    void advanceTo(long nextOffset, Optional<Integer> epoch) {
        position = nextOffset;
        leaderEpoch = epoch;
    }

    boolean touched() {
        // A restore's note must not stay after it: committing the offset again, until that has succeeded, takes it
        // away.
        return running()
                && (wrote
                        || committed.restore().isPresent()
                        || settledOffset() != committedOffset
                        || state.map(TaskState::dirty).orElse(false));
    }

    /** Whether the task waits for answers about records that it was handed. */
    boolean unsettled() {
        return running() && task.firstUnsettled().isPresent();
    }

    /** What may be committed: all that was handed over, or what lies before the first record that is not settled. */
    private long settledOffset() {
        return task.firstUnsettled().orElse(position);
    }

    /** The task is full, and its partition has been paused for that. */
    boolean pausedAsFull() {
        return pausedAsFull;
    }

    void pausedAsFull(boolean paused) {
        pausedAsFull = paused;
    }

    /** What the changelog must hold for this transaction. */
    List<ChangelogRecord> changes() {
        return state.map(TaskState::changes).orElse(List.of());
    }

    /**
     * The offset to be committed, with everything a successor must know.
     *
     * @param changelogOffsets of this transaction's {@link #changes}
     */
    OffsetAndMetadata offset(long[] changelogOffsets) {
        long settled = settledOffset();
        return new OffsetAndMetadata(
                settled,
                settled == position ? leaderEpoch : Optional.empty(),
                metadata(changelogOffsets).encode());
    }

    private CommitMetadata metadata(long[] changelogOffsets) {
        Optional<ChangelogEnd> end = changelogOffsets.length == 0
                ? committed.changelog()
                : Optional.of(new ChangelogEnd(changelogId, changelogOffsets[changelogOffsets.length - 1]));
        // Low-water as of the commit before: this one's changes are not in the store yet, and it only rises.
        end = end.map(e -> new ChangelogEnd(
                e.topicId(), e.lastOffset(), state.orElseThrow().lowWater()));
        // A copy: the task goes on counting in its own object.
        return new CommitMetadata(
                Books.parse(task.books().encode()),
                task.metadata(),
                end,
                committed.growth(),
                container,
                Optional.empty());
    }

    void committed(long[] changelogOffsets) {
        committed = metadata(changelogOffsets);
        committedOffset = settledOffset();
        wrote = false;
        state.ifPresent(s -> s.committed(changelogOffsets));
    }

    /** The transaction was aborted: everything since the last commit is forgotten, the task is made anew. */
    void rollback(Job job, Clock clock) {
        wrote = false;
        position = committedOffset;
        retryAt = 0;
        pausedAsFull = false;
        state.ifPresent(TaskState::rollback);
        open(job, clock);
    }

    private void open(Job job, Clock clock) {
        Books books = Books.parse(committed.books().encode());
        Optional<KeyedState> view = state.map(s -> s);
        task = job.open(new TaskContext(input, books, committed.task(), view, clock));
    }

    void retryAt(long millis) {
        retryAt = millis;
    }

    boolean retryDue(long now) {
        return retryAt != 0 && now >= retryAt;
    }

    /** Whether a record of it has to wait. */
    boolean waits() {
        return retryAt != 0;
    }

    void close() {
        onClose.run();
        onClose = () -> {};
        state.ifPresent(TaskState::close);
        state = Optional.empty();
        phase = Phase.ASSIGNED;
    }
}
