package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

/** Tasks that wait for a receiver outside of Kafka: what is committed meanwhile, and what comes again. */
class UnsettledIT extends ContainerHarness {
    private final Receiver receiver = new Receiver();

    @Test
    void nothingIsCommittedWithoutAnAnswerAndAFullTaskGetsNoMoreWhileTheGroupKeepsItsMember() throws Exception {
        provision();
        ContainerProcess process = run("a");
        produce(3 * 3_000);
        await().atMost(SOON).until(() -> receiver.handed.get() >= 3 * Receiver.FULL);
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(committed())
                        .allSatisfy((p, offset) -> assertThat(offset).isZero()));
        assertThat(members()).isEqualTo(1);
        assertThat(receiver.handed.get()).as("a full task gets no more").isLessThan(3 * 3_000);

        receiver.answersUpTo = 40;
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(committed())
                        .allSatisfy((p, offset) -> assertThat(offset).isEqualTo(40)));
        assertThat(metadata(0).books().in()).isEqualTo(40);

        receiver.answersUpTo = Long.MAX_VALUE;
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(committed())
                        .allSatisfy((p, offset) -> assertThat(offset).isEqualTo(3_000)));
        assertThat(receiver.handed.get()).as("each record once").isEqualTo(3 * 3_000);
        process.close();
    }

    @Test
    void aStopWaitsALittleForAnswersAndWhatHasNoneComesAgain() throws Exception {
        provision();
        ContainerProcess first = run("a");
        produce(3 * 20);
        await().atMost(SOON).until(() -> receiver.handed.get() == 60);
        receiver.answersUpTo = 7;
        first.close();
        assertThat(committed().values()).containsOnly(7L);

        receiver.handed.set(0);
        ContainerProcess second = run("a");
        await().atMost(SOON).until(() -> receiver.handed.get() == 3 * 13);
        receiver.answersUpTo = Long.MAX_VALUE;
        second.close();
        assertThat(committed().values()).containsOnly(20L);
        assertThat(metadata(1).books().in()).isEqualTo(20);
    }

    private ContainerProcess run(String instance) {
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        processes.add(process);
        process.start(resources -> new Container(settings(instance, 0), receiver, clock, resources));
        return process;
    }

    private Map<Integer, Long> committed() throws Exception {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (Map.Entry<?, OffsetAndMetadata> entry : admin.listConsumerGroupOffsets(group())
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()) {
            offsets.put(offsets.size(), entry.getValue().offset());
        }
        return offsets;
    }

    /** Answers in the order of offsets, up to the one that the test says. */
    private static final class Receiver implements Job {
        static final int FULL = 100;

        final AtomicInteger handed = new AtomicInteger();
        volatile long answersUpTo;

        @Override
        public Task open(TaskContext context) {
            return new Pushing(context.books());
        }

        private final class Pushing implements Task {
            private final Books books;
            private final Deque<Long> pending = new ArrayDeque<>();

            Pushing(Books books) {
                this.books = books;
            }

            @Override
            public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
                handed.incrementAndGet();
                pending.addLast(record.offset());
            }

            @Override
            public boolean work(Collector out) {
                while (!pending.isEmpty() && pending.peekFirst() < answersUpTo) {
                    pending.removeFirst();
                    books.countIn();
                    books.countEmitted();
                }
                return false;
            }

            @Override
            public OptionalLong firstUnsettled() {
                return pending.isEmpty() ? OptionalLong.empty() : OptionalLong.of(pending.peekFirst());
            }

            @Override
            public boolean full() {
                return pending.size() >= FULL;
            }

            @Override
            public Books books() {
                return books;
            }
        }
    }
}
