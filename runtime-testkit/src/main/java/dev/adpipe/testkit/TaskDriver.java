package dev.adpipe.testkit;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import dev.adpipe.runtime.state.TaskState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Drives one task without a broker, in one of three {@link Mode}s. After every record, tick and piece of work the books must
 * balance. Committed outputs only are shown; asking for anything commits what is under way.
 *
 * <p>Used by the test's thread. Failed expectations are {@link AssertionError}s.
 */
public final class TaskDriver implements AutoCloseable {
    private static final int STRAIGHT_RECORDS = 100;
    private static final int WORK_LIMIT = 100_000;

    private final Job job;
    private final TopicPartition input;
    private final Mode mode;
    private final SettableClock clock = new SettableClock(0);
    private final BufferedCollector collector = new BufferedCollector();
    private final List<Output> outputs = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final Optional<DrivenState> state;

    /** Those that were not settled at the last commit, as many as {@link #unsettled} says, and those since. */
    private final List<ConsumerRecord<byte[], byte[]>> handed = new ArrayList<>();

    private int unsettled;
    private String committedBooks = new Books().encode();
    private String committedMetadata = "";
    private int partitionCount;
    private Task task;
    private long nextOffset;
    private int steps;
    private int uncommitted;

    private TaskDriver(Job job, TopicPartition input, Mode mode, Optional<DrivenState> state) {
        this.job = job;
        this.input = input;
        this.mode = mode;
        this.state = state;
        this.partitionCount = input.partition() + 1;
        openTask();
    }

    /**
     * A task with state.
     *
     * @param dir an empty folder for its local state
     */
    public static TaskDriver of(Job job, TopicPartition input, Mode mode, Path dir) {
        return new TaskDriver(job, input, mode, Optional.of(new DrivenState(dir.resolve("state"), input.partition())));
    }

    /** A task without state. */
    public static TaskDriver stateless(Job job, TopicPartition input, Mode mode) {
        return new TaskDriver(job, input, mode, Optional.empty());
    }

    /** The clock in the task's context; at 0 in the beginning. */
    public SettableClock clock() {
        return clock;
    }

    /** How many partitions ticks say the input has; one more than the input's number if not told. */
    public TaskDriver partitionCount(int count) {
        partitionCount = count;
        return this;
    }

    /** Processes the next record of the input, without headers, appended now. */
    public void process(byte[] key, byte[] value) {
        process(key, value, List.of(), clock.millis());
    }

    /** Processes the next record of the input, then lets the task work until it has nothing more to do at once. */
    public void process(byte[] key, byte[] value, List<Header> headers, long timestamp) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                input.topic(),
                input.partition(),
                nextOffset,
                timestamp,
                TimestampType.LOG_APPEND_TIME,
                key == null ? ConsumerRecord.NULL_SIZE : key.length,
                value == null ? ConsumerRecord.NULL_SIZE : value.length,
                key,
                value,
                new RecordHeaders(headers),
                Optional.empty());
        step("processing offset " + nextOffset, out -> {
            process(record, out);
            handed.add(record);
            return false;
        });
        nextOffset++;
        work();
    }

    private void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        String booksBefore = task.books().encode();
        int sentBefore = collector.size();
        try {
            task.process(record, out);
        } catch (NotReadyException e) {
            if (!booksBefore.equals(task.books().encode()) || sentBefore != collector.size()) {
                throw new AssertionError("the task was not ready, but had counted or sent before", e);
            }
            throw e;
        }
    }

    /**
     * Calls the job's tick with this one input.
     *
     * @param caughtUp what the container would say
     */
    public void tick(boolean caughtUp) {
        step("the tick at " + clock.millis(), out -> {
            TickContext.Input ticked = new TickContext.Input(input, partitionCount, caughtUp, task);
            job.tick(new TickContext("test-driver-0", clock.millis(), List.of(ticked)), out);
            return false;
        });
        work();
    }

    /** Lets the task work until it has nothing more to do at once. */
    public void work() {
        int rounds = 0;
        while (step("work", out -> task.work(out))) {
            commit();
            if (++rounds > WORK_LIMIT) {
                throw new AssertionError("the task says that there is more work after " + rounds + " rounds");
            }
        }
    }

    /** One call of the task, as the mode wants it; what it returned in the end. */
    private boolean step(String what, Predicate<Collector> call) {
        boolean result = run(what, call);
        if (mode != Mode.STRAIGHT && !result && changedNothing()) {
            return false;
        }
        steps++;
        if (mode == Mode.ABORT) {
            abort();
            result = run(what, call);
        }
        uncommitted++;
        if (mode != Mode.STRAIGHT || uncommitted >= STRAIGHT_RECORDS) {
            commit();
        }
        return result;
    }

    /** What did nothing need not be committed, nor aborted and repeated; an opening takes longer than all else here. */
    private boolean changedNothing() {
        return collector.size() == 0
                && (task.firstUnsettled().isEmpty() || handed.size() == unsettled)
                && task.books().encode().equals(committedBooks)
                && task.metadata().equals(committedMetadata)
                && state.map(driven -> !driven.state().dirty()).orElse(true);
    }

    private boolean run(String what, Predicate<Collector> call) {
        collector.open();
        boolean result;
        try {
            result = call.test(collector);
        } finally {
            collector.close();
        }
        if (task.books().imbalance() != 0) {
            throw new AssertionError("after " + what + " the books of " + input + " are off by "
                    + task.books().imbalance() + ": " + task.books());
        }
        return result;
    }

    private void abort() {
        collector.clear();
        handed.subList(unsettled, handed.size()).clear();
        state.ifPresent(driven -> driven.abort(steps));
        openTask();
    }

    /** Commits what is under way. */
    public void commit() {
        if (uncommitted == 0) {
            return;
        }
        uncommitted = 0;
        run("beforeCommit", out -> {
            task.beforeCommit(out);
            return true;
        });
        committedBooks = task.books().encode();
        committedMetadata = Metadata.checked(task.metadata());
        long settled = task.firstUnsettled().orElse(Long.MAX_VALUE);
        handed.removeIf(record -> record.offset() < settled);
        unsettled = handed.size();
        outputs.addAll(collector.outputs());
        deadLetters.addAll(collector.deadLetters());
        collector.clear();
        state.ifPresent(driven -> driven.commit(mode == Mode.REOPEN, steps));
        task.committed();
        if (mode == Mode.REOPEN) {
            openTask();
        }
    }

    private void openTask() {
        task = job.open(new TaskContext(
                input, Books.parse(committedBooks), committedMetadata, state.map(DrivenState::state), clock));
        for (ConsumerRecord<byte[], byte[]> record : handed) {
            run("processing offset " + record.offset() + " again", out -> {
                process(record, out);
                return false;
            });
        }
    }

    /** Everything sent to a topic, in order. */
    public List<Output> outputs(String topic) {
        return outputs().stream().filter(o -> o.topic().equals(topic)).toList();
    }

    /** Everything sent, in order. */
    public List<Output> outputs() {
        commit();
        return List.copyOf(outputs);
    }

    public List<DeadLetter> deadLetters() {
        commit();
        return List.copyOf(deadLetters);
    }

    public Books books() {
        commit();
        return Books.parse(committedBooks);
    }

    /** What the task gave for its successors. */
    public String metadata() {
        commit();
        return committedMetadata;
    }

    /** Fails if the books are off, or disagree with the dead letters seen. */
    public void assertBalanced() {
        Books books = books();
        if (books.imbalance() != 0) {
            throw new AssertionError("the books of " + input + " are off by " + books.imbalance() + ": " + books);
        }
        if (books.deadLettered() != deadLetters.size()) {
            throw new AssertionError("the books of " + input + " tell of " + books.deadLettered()
                    + " dead letters, sent were " + deadLetters.size());
        }
    }

    /** Every committed changelog record, those before low-water included. */
    public List<ChangelogEntry> changelog() {
        commit();
        return driven().changelog().committed();
    }

    /** The task's state as committed. */
    public TaskState state() {
        commit();
        return driven().state();
    }

    /** The task as it is now; a commit or an abort may replace it. */
    public Task task() {
        return task;
    }

    private DrivenState driven() {
        return state.orElseThrow(() -> new IllegalStateException("the task was made without state"));
    }

    /** Closes the local state and the job. */
    @Override
    public void close() {
        state.ifPresent(DrivenState::close);
        job.close();
    }
}
