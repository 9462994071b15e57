package dev.adpipe.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Follows a compacted topic: hands all of it over, then each change as it comes, on a thread of its own that lives from
 * construction to {@link #close}. Reads {@code read_committed}, is in no group and commits nothing. Whatever stands in the
 * way, a broker or the topic itself that is away, is told to the {@link Table} and tried again.
 *
 * <p>If it cannot go on where it is (records deleted under its feet, the topic made anew or grown), it reads the whole
 * topic again.
 */
public final class CompactedTopic implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LOOK_MS = 5_000;
    private static final long RETRY_MS = 1_000;
    private static final long CLOSE_MS = 5_000;

    private final String topic;
    private final Map<String, Object> consumerProperties;
    private final Map<String, Object> adminProperties;
    private final Clock clock;
    private final Table table;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile boolean closed;

    /** Gets what is in the topic; called by the reading thread only. */
    public interface Table {

        /** A reading of the whole topic begins: what is handed over from now on belongs to a new table. */
        void begin();

        /**
         * @param value null: the key is deleted
         */
        void change(byte[] key, byte[] value);

        /** All that was in the topic when this reading began has been handed over; later changes go on coming. */
        void whole();

        /**
         * Everything committed until then has been handed over.
         *
         * @param millis by the clock, since the epoch
         */
        void currentAt(long millis);

        /** How far the reading of the whole topic is; told again and again. */
        void reading(String how);

        /** What is waited for; told again and again while that lasts. */
        void waiting(String why);
    }

    /**
     * Starts to read.
     *
     * @param kafka    client properties of the pipeline
     * @param clientId of its clients, and the end of its thread's name
     */
    public CompactedTopic(Map<String, String> kafka, String clientId, String topic, Clock clock, Table table) {
        this.topic = topic;
        this.consumerProperties = ClientProperties.follower(kafka, clientId);
        this.adminProperties = ClientProperties.followerAdmin(kafka, clientId);
        this.clock = clock;
        this.table = table;
        thread = new Thread(this::run, "adpipe-reader-" + clientId);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (Admin admin = Admin.create(adminProperties);
                    Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerProperties)) {
                read(admin, consumer);
            } catch (KafkaException e) {
                if (!closed) {
                    table.waiting("topic " + topic + " cannot be read: " + e.getMessage());
                    pause();
                }
            }
        }
    }

    /** Returns when it has to begin anew, or is closed. */
    private void read(Admin admin, Consumer<byte[], byte[]> consumer) {
        long askedAt = clock.millis();
        TopicDescription described =
                answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        List<TopicPartition> partitions = described.partitions().stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        Map<TopicPartition, Long> starts =
                offsets(answer(ask(admin, partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED)));
        // Open transactions included: a name that is committed a moment later must not be missing from the first rows.
        Map<TopicPartition, Long> ends =
                offsets(answer(ask(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)));
        consumer.assign(partitions);
        starts.forEach(consumer::seek);
        table.begin();
        for (long remaining = 1; remaining > 0 && !closed; remaining = remaining(consumer, ends)) {
            handOver(consumer);
            table.reading("topic " + topic + " is being read; an open transaction in it would hold that up");
        }
        if (closed) {
            return;
        }
        table.whole();
        table.currentAt(askedAt);
        follow(admin, consumer, described.topicId(), partitions);
    }

    /** Until the topic is another one, or it is closed. */
    private void follow(Admin admin, Consumer<byte[], byte[]> consumer, Uuid id, List<TopicPartition> partitions) {
        Look look = null;
        long lookAt = clock.millis() + LOOK_MS;
        while (!closed) {
            handOver(consumer);
            long now = clock.millis();
            if (look == null && now >= lookAt) {
                look = new Look(
                        now,
                        admin.describeTopics(List.of(topic)).allTopicNames(),
                        ask(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
            }
            if (look == null || !look.answered()) {
                continue;
            }
            try {
                TopicDescription described = answer(look.description()).get(topic);
                if (!described.topicId().equals(id) || described.partitions().size() != partitions.size()) {
                    return;
                }
                if (remaining(consumer, offsets(answer(look.ends()))) > 0) {
                    continue;
                }
                table.currentAt(look.askedAt());
            } catch (KafkaException e) {
                table.waiting("topic " + topic + " cannot be asked for its end: " + e.getMessage());
            }
            look = null;
            lookAt = now + LOOK_MS;
        }
    }

    /** A question about the topic, on its way while changes go on being handed over. */
    private record Look(
            long askedAt,
            KafkaFuture<Map<String, TopicDescription>> description,
            KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends) {
        boolean answered() {
            return description.isDone() && ends.isDone();
        }
    }

    private void handOver(Consumer<byte[], byte[]> consumer) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            table.change(record.key(), record.value());
        }
    }

    private static long remaining(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - consumer.position(end.getKey())))
                .sum();
    }

    private static KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ask(
            Admin admin, List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        return admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(p -> p, p -> spec)),
                        new ListOffsetsOptions(isolation))
                .all();
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> answers) {
        return answers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    /**
     * @throws KafkaException if it could not be given
     */
    private <T> T answer(KafkaFuture<T> future) {
        while (!closed) {
            try {
                return future.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Looks whether it is closed, and waits on.
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        throw new KafkaException("closed");
    }

    private void pause() {
        try {
            stop.await(RETRY_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Ends the thread; waits for it a few seconds. */
    @Override
    public void close() {
        closed = true;
        stop.countDown();
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
