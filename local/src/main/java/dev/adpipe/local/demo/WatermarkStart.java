package dev.adpipe.local.demo;

import dev.adpipe.runtime.ClosingRecord;
import dev.adpipe.schemas.EnvelopeCodec;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads shuffle's ticks on a thread of its own until a {@link TickWatch} has seen enough. {@link #getAsBoolean} may be
 * asked by any thread; once true it stays true.
 */
final class WatermarkStart implements BooleanSupplier, AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final TickWatch watch;
    private final Thread thread = new Thread(this::run, "adpipe-demo-ticks");
    private volatile boolean started;

    /** Starts to read; the consumer is its own from then on. */
    WatermarkStart(Consumer<byte[], byte[]> consumer, String shuffledTopic, int shuffledPartitions, TickWatch watch) {
        this.consumer = consumer;
        this.watch = watch;
        this.partitions = IntStream.range(0, shuffledPartitions)
                .mapToObj(p -> new TopicPartition(shuffledTopic, p))
                .toList();
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean getAsBoolean() {
        return started;
    }

    @Override
    public void close() {
        consumer.wakeup();
    }

    private void run() {
        try (consumer) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!watch.started()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (!ClosingRecord.is(record) && EnvelopeCodec.isTick(record.value())) {
                        watch.accept(record.partition(), EnvelopeCodec.decodeTick(record.value()));
                    }
                }
            }
            started = true;
        } catch (WakeupException e) {
            // The demo ends before the watermark started; then nothing was late.
        }
    }
}
