package dev.adpipe.testkit;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import dev.adpipe.runtime.state.KeyState;
import dev.adpipe.runtime.state.KeyedState;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts values per key, sends the running count, and drops a key when the number in a later record passes its own by ten. A
 * record without a key is a dead letter.
 */
final class CountingJob implements Job {
    static final String COUNTS = "counts";
    static final String DEATHS = "deaths";
    static final String TICKS = "ticks";

    @Override
    public Task open(TaskContext context) {
        return new CountingTask(context);
    }

    @Override
    public void tick(TickContext context, Collector out) {
        out.send(
                TICKS,
                0,
                null,
                bytes(context.clock() + " " + context.inputs().get(0).caughtUp()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static final class CountingTask implements Task {
        private static final byte[] COUNT = bytes("count");

        private final Books books;
        private final KeyedState state;
        private long now;

        CountingTask(TaskContext context) {
            books = context.books();
            state = context.state().orElseThrow();
            now = context.metadata().isEmpty() ? 0 : Long.parseLong(context.metadata());
        }

        @Override
        public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
            books.countIn();
            if (record.key() == null) {
                books.countDeadLettered("no-key");
                out.deadLetter(record, "no-key", "a record needs a key");
                return;
            }
            long time = Long.parseLong(new String(record.value(), StandardCharsets.UTF_8));
            KeyState key = state.get(record.key()).orElseGet(() -> state.create(record.key()));
            int count = key.entry(COUNT).map(c -> (int) c[0]).orElse(0) + 1;
            key.setEntry(COUNT, new byte[] {(byte) count});
            key.setDeadline(Math.max(key.deadline(), time + 10));
            key.setDue(key.deadline());
            out.send(COUNTS, 0, record.key(), bytes(Integer.toString(count)));
            books.countEmitted();
            now = Math.max(now, time);
        }

        @Override
        public boolean work(Collector out) {
            Optional<KeyState> due = state.firstDue(now - 1);
            due.ifPresent(key -> {
                out.send(DEATHS, 0, key.key(), bytes(Long.toString(key.deadline())));
                state.remove(key);
                state.advanceCursor(key.due(), key.key());
            });
            return due.isPresent();
        }

        @Override
        public Books books() {
            return books;
        }

        @Override
        public String metadata() {
            return Long.toString(now);
        }
    }
}
