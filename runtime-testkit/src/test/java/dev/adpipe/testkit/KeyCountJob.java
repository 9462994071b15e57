package dev.adpipe.testkit;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.runtime.RefusedException;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import dev.adpipe.runtime.state.KeyState;
import dev.adpipe.runtime.state.KeyedState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts the records of each key in its state and writes {@code key -> count}. A record lost or handled twice makes a gap
 * or a repetition in the counts. The value {@code die} ends its key's life; one that begins with {@code poison} is a dead letter; {@code wait} is not ready while told so;
 * {@code hold}, after it was counted and sent, runs what {@link #hold} has, once; {@code pause} does so before anything.
 * While {@link #late}, counts are sent at the last moment before the commit.
 */
final class KeyCountJob implements Job {
    private static final byte[] COUNT = {0};

    private final String output;
    final List<TickContext> ticks = new CopyOnWriteArrayList<>();
    final List<Integer> opened = new CopyOnWriteArrayList<>();
    final AtomicReference<Runnable> hold = new AtomicReference<>(() -> {});
    volatile boolean away;
    volatile boolean ticking;
    volatile boolean refusing;
    volatile boolean late;
    final AtomicInteger unsent = new AtomicInteger();

    KeyCountJob(String output) {
        this.output = output;
    }

    @Override
    public Task open(TaskContext context) {
        opened.add(context.input().partition());
        if (refusing) {
            throw new RefusedException("cannot go on with " + context.input() + ": put it back");
        }
        return new KeyCountTask(context);
    }

    @Override
    public boolean ticks() {
        return ticking;
    }

    @Override
    public void tick(TickContext context, Collector out) {
        ticks.add(context);
    }

    private final class KeyCountTask implements Task {
        private final TaskContext context;
        private final KeyedState state;
        private final List<Consumer<Collector>> unsentHere = new ArrayList<>();

        KeyCountTask(TaskContext context) {
            this.context = context;
            this.state = context.state().orElseThrow();
        }

        @Override
        public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
            String value = new String(record.value(), StandardCharsets.UTF_8);
            if (value.equals("wait") && away) {
                throw new NotReadyException("the test says so", null);
            }
            if (value.equals("pause")) {
                hold.getAndSet(() -> {}).run();
            }
            context.books().countIn();
            if (value.startsWith("poison")) {
                out.deadLetter(record, "poison", "the value is poison");
                context.books().countDeadLettered("poison");
                return;
            }
            Optional<KeyState> known = state.get(record.key());
            if (value.equals("die")) {
                known.ifPresent(state::remove);
                context.books().countDuplicate();
                return;
            }
            KeyState key = known.orElseGet(() -> state.create(record.key()));
            key.setDeadline(Long.MAX_VALUE);
            key.setDue(Long.MAX_VALUE);
            int count = 1 + key.entry(COUNT).map(KeyCountTask::number).orElse(0);
            byte[] text = Integer.toString(count).getBytes(StandardCharsets.UTF_8);
            key.setEntry(COUNT, text);
            if (late) {
                unsent.incrementAndGet();
                unsentHere.add(o -> o.send(output, record.partition(), record.key(), text));
            } else {
                out.send(output, record.partition(), record.key(), text);
            }
            context.books().countEmitted();
            if (value.equals("hold")) {
                hold.getAndSet(() -> {}).run();
            }
        }

        private static int number(byte[] text) {
            return Integer.parseInt(new String(text, StandardCharsets.UTF_8));
        }

        @Override
        public void beforeCommit(Collector out) {
            unsent.addAndGet(-unsentHere.size());
            unsentHere.forEach(send -> send.accept(out));
            unsentHere.clear();
        }

        @Override
        public Books books() {
            return context.books();
        }
    }
}
