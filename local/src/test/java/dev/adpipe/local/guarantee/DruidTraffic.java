package dev.adpipe.local.guarantee;

import dev.adpipe.local.guarantee.DruidGround.Sums;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Impressions, and a click for every fifth, about a hundred events a second, on a thread of its own until it is stopped. */
final class DruidTraffic implements AutoCloseable {
    private static final long PAUSE_NANOS = 10_000_000;

    private final String name;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread = new Thread(this::run, "druid-traffic");
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile Sums made = new Sums(0, 0, 0);
    private volatile boolean stopping;

    DruidTraffic(DruidGround ground, String name) {
        this.name = name;
        this.producer = ground.producer(Map.of());
        thread.start();
    }

    /** What was handed to the producer so far. */
    Sums made() {
        return made;
    }

    /** Returns what was made, when all of it is acknowledged. */
    Sums stop() throws InterruptedException {
        stopping = true;
        thread.join();
        producer.flush();
        if (failure.get() != null) {
            throw new IllegalStateException("an event could not be written", failure.get());
        }
        return made;
    }

    private void run() {
        for (long number = 0; !stopping; number++) {
            long price = number % 1_000;
            send(name + ".impressions", json(number, price, System.currentTimeMillis()));
            boolean clicked = number % 5 == 0;
            if (clicked) {
                send(
                        name + ".clicks",
                        "{\"id\":\"i%d\",\"click_id\":\"c%d\",\"time\":%d}"
                                .formatted(number, number, System.currentTimeMillis()));
            }
            made = made.plus(new Sums(1, clicked ? 1 : 0, price));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** An impression. */
    static String json(long number, long price, long time) {
        return "{\"id\":\"i%d\",\"campaign\":\"c%d\",\"number\":%d,\"price\":%d,\"time\":%d}"
                .formatted(number, number % 7, number, price, time);
    }

    private void send(String topic, String text) {
        producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8)), (metadata, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
        });
    }

    @Override
    public void close() {
        stopping = true;
        producer.close();
    }
}
