package dev.adpipe.local.guarantee;

import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends impressions that all live on: so many as fast as Kafka takes them, then a few on and on. By a thread of its own. */
final class Fill implements AutoCloseable {
    private static final int ON_AND_ON_MS = 5;

    private final KafkaProducer<byte[], byte[]> producer;
    private final long events;
    private final Thread thread;
    private volatile boolean closing;

    Fill(String bootstrap, long events) {
        this.events = events;
        producer =
                new KafkaProducer<>(Load.properties(bootstrap), new ByteArraySerializer(), new ByteArraySerializer());
        thread = new Thread(this::run, "fill");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        for (long n = 0; n < events && !closing; n++) {
            send(n);
        }
        for (long n = events; !closing; n++) {
            send(n);
            LockSupport.parkNanos(ON_AND_ON_MS * 1_000_000L);
        }
    }

    private void send(long n) {
        int partition = (int) (n % ProofPipeline.RAW_PARTITIONS);
        byte[] value = RawEvent.impression(
                "i" + n, System.currentTimeMillis(), "campaign-of-some-length-" + n % 1_000, n % 1_000);
        producer.send(new ProducerRecord<>(ProofPipeline.IMPRESSIONS, partition, null, value));
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
