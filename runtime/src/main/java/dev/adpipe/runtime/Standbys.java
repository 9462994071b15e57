package dev.adpipe.runtime;

import dev.adpipe.runtime.state.TaskState;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warm copies of other containers' tasks: reads the changelog, {@code read_committed}, into stores of its own, a bounded
 * slice at a time, and writes nothing else. Which copies, the group's leader says.
 *
 * <p>Used by the container's thread.
 */
final class Standbys implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Standbys.class);

    /** While a copy lags, its records are waited for this long, if the container has nothing else to do. */
    private static final Duration SLICE = Duration.ofMillis(5);

    /** What a copy has read is written to its store this often. */
    private static final long FLUSH_MS = 500;

    private static final long ASK_MS = 2_000;
    private static final long TIDY_MS = 10_000;

    private final String topic;
    private final LocalStores stores;
    private final Consumer<byte[], byte[]> consumer;
    private final Membership membership;
    private final Clock clock;
    private final Map<Integer, Following> following = new TreeMap<>();
    private int followedRound;
    private int askedInRound = -1;
    private long askAt;
    private long flushAt;
    private long tidyAt;

    private static final class Following {
        private final TaskState state;
        private long read;

        Following(TaskState state) {
            this.state = state;
            this.read = state.position();
        }

        void read(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() >= read && !ClosingRecord.is(record)) {
                    state.restore(record.offset(), record.key(), record.value());
                }
            }
            read = Math.max(read, nextOffset);
        }

        void flush() {
            if (read > state.position()) {
                state.restoredTo(read);
            }
        }
    }

    /**
     * @param consumer in no group; closed with this
     */
    Standbys(String topic, LocalStores stores, Consumer<byte[], byte[]> consumer, Membership membership, Clock clock) {
        this.topic = topic;
        this.stores = stores;
        this.consumer = consumer;
        this.membership = membership;
        this.clock = clock;
    }

    /**
     * Reads on for a moment.
     *
     * @param assigned whether the task of a partition is this container's own
     * @param busy     whether there was other work: then nothing is waited for
     * @return whether it is time to ask for a partition that is to move here, because its copy is warm now
     */
    boolean step(IntPredicate assigned, boolean busy) {
        follow(assigned);
        tidy(assigned);
        if (following.isEmpty()) {
            return false;
        }
        try {
            read(consumer.poll(busy || !behind() ? Duration.ZERO : SLICE));
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach(this::startOver);
        }
        if (clock.millis() >= flushAt) {
            flushAt = clock.millis() + FLUSH_MS;
            following.values().forEach(Following::flush);
        }
        return askingFor();
    }

    /** Nothing is known to be unwanted before the leader has told who is there, and what is to be copied. */
    private void tidy(IntPredicate assigned) {
        if (membership.knowsOthers() && clock.millis() >= tidyAt) {
            tidyAt = clock.millis() + TIDY_MS;
            stores.deleteUnless(p -> assigned.test(p) || following.containsKey(p), clock.millis());
        }
    }

    /** Whether a copy has records before it that could be read at once. */
    boolean behind() {
        return following.keySet().stream().anyMatch(p -> lag(p).orElse(0) > 0);
    }

    private void follow(IntPredicate assigned) {
        boolean told = followedRound != membership.rounds();
        Set<Integer> wanted = new HashSet<>();
        for (int partition : membership.orders().copies()) {
            if (!assigned.test(partition)) {
                wanted.add(partition);
            }
        }
        if (!told && wanted.equals(following.keySet())) {
            return;
        }
        followedRound = membership.rounds();
        for (int partition : List.copyOf(following.keySet())) {
            if (!wanted.contains(partition)) {
                release(partition);
            }
        }
        wanted.removeAll(following.keySet());
        wanted.forEach(partition -> following.put(partition, new Following(stores.take(partition))));
        if (membership.knowsOthers()) {
            stores.closeUnless(assigned);
        }
        consumer.assign(following.keySet().stream().map(this::changelog).toList());
        wanted.forEach(this::seek);
        if (!wanted.isEmpty()) {
            log.info("Keeps warm copies of partitions {} of {}", following.keySet(), topic);
        }
    }

    /** From the last record that is known already: a store that lacks nothing of the log but is of before it starts over. */
    private void seek(int partition) {
        long position = following.get(partition).state.position();
        if (position > 0) {
            consumer.seek(changelog(partition), position - 1);
        } else {
            consumer.seekToBeginning(List.of(changelog(partition)));
        }
    }

    /** For a task of our own that may want it in a moment; otherwise {@link #follow} closes it. */
    private void release(int partition) {
        Following copy = following.remove(partition);
        copy.flush();
        stores.park(partition, copy.state);
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        SideBySide.each(
                records.nextOffsets().entrySet(),
                next -> following
                        .get(next.getKey().partition())
                        .read(records.records(next.getKey()), next.getValue().offset()));
    }

    /** The owner has deleted what was to be read next: what is here is worthless. */
    private void startOver(TopicPartition overtaken, long position) {
        Following copy = following.get(overtaken.partition());
        copy.state.drop("offset " + position + ", where it was to go on, is no longer in the log of " + overtaken
                + ", whose owner has deleted old records or which was cut: the standby copy starts over");
        following.put(overtaken.partition(), new Following(copy.state));
        consumer.seekToBeginning(List.of(overtaken));
    }

    /** Once for each of the leader's answers, and not without pause. */
    private boolean askingFor() {
        boolean ask = askedInRound != membership.rounds() && clock.millis() >= askAt && warmedUp();
        if (ask) {
            askedInRound = membership.rounds();
            askAt = clock.millis() + ASK_MS;
        }
        return ask;
    }

    private boolean warmedUp() {
        return membership.orders().warmUps().stream()
                .anyMatch(p -> following.containsKey(p) && lag(p).orElse(Long.MAX_VALUE) <= WarmAssignor.LAG_LIMIT / 2);
    }

    private OptionalLong lag(int partition) {
        return consumer.currentLag(changelog(partition));
    }

    /** All state of this container, for the group's leader: on its disk, as copies, being restored, in use. */
    Map<Integer, Copy> held(Changelog changelog, Collection<AssignedTask> tasks) {
        Map<Integer, Copy> held = new TreeMap<>();
        stores.positions().forEach((partition, position) -> held.put(partition, Copy.unseen(position)));
        following.forEach((partition, copy) -> {
            OptionalLong lag = lag(partition);
            held.put(partition, new Copy(copy.read, lag.isPresent() ? copy.read + lag.getAsLong() : -1));
        });
        held.putAll(changelog.copies());
        for (AssignedTask task : tasks) {
            if (task.running()) {
                held.put(
                        task.input().partition(),
                        Copy.whole(task.state().orElseThrow().position()));
            }
        }
        return held;
    }

    private TopicPartition changelog(int partition) {
        return new TopicPartition(topic, partition);
    }

    /** What was read since the last write is read again after the next start. */
    @Override
    public void close() {
        following.forEach((partition, copy) -> copy.state.close());
        following.clear();
        consumer.close();
    }
}
