package dev.adpipe.runtime;

import dev.adpipe.runtime.state.ChangelogRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits: what the tasks still hold back, state changes into the changelog, flush, offsets with metadata, commit, and only then the local stores.
 *
 * <p>Only offsets fence a zombie, so every transaction carries the offset of each task that had a part in it, moved or
 * not. Used by the container's thread.
 */
final class Committer {
    private final Clock clock;
    private final ContainerMetrics metrics;
    private final SessionClients clients;
    private final long intervalMs;
    private long lastCommit;

    private record Part(AssignedTask task, List<Future<RecordMetadata>> changes) {}

    Committer(ContainerSettings settings, Clock clock, ContainerMetrics metrics, SessionClients clients) {
        this.clock = clock;
        this.metrics = metrics;
        this.clients = clients;
        this.intervalMs = settings.pipeline().commitInterval().toMillis();
        this.lastCommit = clock.millis();
    }

    boolean due() {
        return untilDue() <= 0;
    }

    long untilDue() {
        return lastCommit + intervalMs - clock.millis();
    }

    void restart() {
        lastCommit = clock.millis();
    }

    /** Commits what the tasks have done since the last time; nothing at all if that is nothing. */
    void commit(Collection<AssignedTask> tasks) {
        List<Part> parts = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (AssignedTask task : tasks) {
            task.noted().ifPresent(offset -> offsets.put(task.input(), offset));
            if (task.touched()) {
                task.task().beforeCommit(clients.collector());
                parts.add(new Part(task, sendChanges(task)));
            }
        }
        restart();
        if (parts.isEmpty() && offsets.isEmpty()) {
            return;
        }
        long started = System.nanoTime();
        clients.transaction().flush();
        Map<AssignedTask, long[]> changelogOffsets = new HashMap<>();
        for (Part part : parts) {
            long[] written = offsets(part.changes());
            changelogOffsets.put(part.task(), written);
            offsets.put(part.task().input(), part.task().offset(written));
        }
        clients.transaction().commit(offsets, clients.consumer().groupMetadata());
        metrics.committed(System.nanoTime() - started);
        changelogOffsets.forEach((task, written) -> {
            Books before = task.committed().books();
            long newestEvent = task.task().newestEventTime();
            task.committed(written);
            task.task().committed();
            metrics.count(before, task.committed().books());
            metrics.task(task.input()).committed(task, newestEvent);
        });
    }

    private List<Future<RecordMetadata>> sendChanges(AssignedTask task) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ChangelogRecord change : task.changes()) {
            TopicPartition partition = clients.changelog().orElseThrow().partitionOf(task.input());
            sent.add(clients.transaction()
                    .send(new ProducerRecord<>(
                            partition.topic(), partition.partition(), change.key(), change.value())));
        }
        return sent;
    }

    /** Known without waiting: the flush has been. */
    private static long[] offsets(List<Future<RecordMetadata>> sent) {
        long[] offsets = new long[sent.size()];
        for (int i = 0; i < offsets.length; i++) {
            try {
                offsets[i] = sent.get(i).get().offset();
            } catch (ExecutionException e) {
                throw TransactionException.of(
                        e.getCause() instanceof RuntimeException cause
                                ? cause
                                : new IllegalStateException(e.getCause()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ContainerExitException(ExitReason.FAILED, "interrupted in the middle of a commit", e);
            }
        }
        return offsets;
    }
}
