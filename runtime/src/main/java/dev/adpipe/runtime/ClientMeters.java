package dev.adpipe.runtime;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The Kafka clients' own metrics of one session, {@code kafka_consumer_*} and {@code kafka_producer_*}, under the container's
 * labels; gone when this is closed. A thread of its own looks for new ones once a minute.
 */
final class ClientMeters implements AutoCloseable {
    private final Meters meters;
    private final List<KafkaClientMetrics> bound = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "adpipe-client-metrics");
        made.setDaemon(true);
        return made;
    });

    ClientMeters(Meters meters) {
        this.meters = meters;
    }

    void of(Consumer<?, ?> consumer) {
        bind(new KafkaClientMetrics(consumer, meters.tags(), thread));
    }

    void of(Producer<?, ?> producer) {
        bind(new KafkaClientMetrics(producer, meters.tags(), thread));
    }

    private void bind(KafkaClientMetrics metrics) {
        metrics.bindTo(meters.registry());
        bound.add(metrics);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        bound.forEach(KafkaClientMetrics::close);
    }
}
