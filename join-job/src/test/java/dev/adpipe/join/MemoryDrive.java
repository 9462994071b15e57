package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** Runs a task over a {@link MemoryState}, so that thousands of rounds are affordable. */
final class MemoryDrive implements Drive {
    private final Job job;
    private final TopicPartition input;
    private final Mode mode;
    private final List<Output> outputs = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private MemoryState committedState = new MemoryState();
    private String committedBooks = new Books().encode();
    private String committedMetadata = "";
    private MemoryState state;
    private Task task;
    private long offset;

    MemoryDrive(Job job, TopicPartition input, Mode mode) {
        this.job = job;
        this.input = input;
        this.mode = mode;
        open();
    }

    private void open() {
        state = committedState.reopened();
        task = job.open(new TaskContext(
                input, Books.parse(committedBooks), committedMetadata, Optional.of(state), Clock.SYSTEM));
    }

    @Override
    public void process(byte[] key, byte[] value) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(input.topic(), input.partition(), offset++, key, value);
        if (mode == Mode.ABORT) {
            handle(record);
            open();
        }
        Sent sent = handle(record);
        outputs.addAll(sent.outputs);
        deadLetters.addAll(sent.deadLetters);
        if (mode != Mode.STRAIGHT) {
            committedState = state.reopened();
            committedBooks = task.books().encode();
            committedMetadata = task.metadata();
            open();
        }
    }

    private Sent handle(ConsumerRecord<byte[], byte[]> record) {
        Sent sent = new Sent();
        task.process(record, sent);
        boolean more = true;
        while (more) {
            balanced();
            more = task.work(sent);
        }
        balanced();
        return sent;
    }

    private void balanced() {
        if (task.books().imbalance() != 0 || task.books().held() < 0) {
            throw new AssertionError("the books are off: " + task.books());
        }
    }

    @Override
    public List<Output> outputs() {
        return outputs;
    }

    @Override
    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    @Override
    public Books books() {
        return task.books();
    }

    @Override
    public long liveKeys() {
        return state.reopened().liveKeys(); // checks it too
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public void close() {
        balanced();
    }

    private static final class Sent implements Collector {
        private final List<Output> outputs = new ArrayList<>();
        private final List<DeadLetter> deadLetters = new ArrayList<>();

        @Override
        public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
            outputs.add(new Output(topic, partition, key, value, headers));
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
            deadLetters.add(new DeadLetter(record, reason, explanation));
        }
    }
}
