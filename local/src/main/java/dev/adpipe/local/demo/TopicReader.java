package dev.adpipe.local.demo;

import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads rows, unmatched events and dead letters as they are committed, on a thread of its own. Its methods may be called
 * by any thread.
 */
final class TopicReader implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final TopicCounter counter;
    private final CompletableFuture<TopicCounts> end = new CompletableFuture<>();
    private volatile TopicCounts counts = TopicCounts.NONE;
    private volatile Map<TopicPartition, Long> goal;
    private volatile boolean closing;

    /** Starts to read; the consumer is its own from then on. */
    TopicReader(Consumer<byte[], byte[]> consumer, Topics topics, int partitionCount) {
        this.consumer = consumer;
        this.counter = new TopicCounter(topics);
        this.partitions = Stream.of(topics.rows(), topics.unmatched(), topics.deadLetter())
                .flatMap(topic -> IntStream.range(0, partitionCount).mapToObj(p -> new TopicPartition(topic, p)))
                .toList();
        Thread thread = new Thread(this::run, "adpipe-demo-rows");
        thread.setDaemon(true);
        thread.start();
    }

    /** What was read so far. */
    TopicCounts counts() {
        return counts;
    }

    /**
     * Reads to these ends.
     *
     * @throws IllegalStateException if the end is not reached in time, or reading failed
     */
    TopicCounts finish(Map<TopicPartition, Long> ends, Duration patience) {
        goal = ends;
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the end of the rows was not reached within " + patience + ": is a transaction open?", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("rows could not be read: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading rows", e);
        }
    }

    @Override
    public void close() {
        closing = true;
    }

    private void run() {
        try (consumer) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closing) {
                Map<TopicPartition, Long> ends = goal;
                consumer.poll(Duration.ofMillis(200)).forEach(counter::add);
                counts = counter.snapshot();
                if (ends != null && isAt(ends)) {
                    end.complete(counts);
                    return;
                }
            }
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private boolean isAt(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
