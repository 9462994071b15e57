package dev.adpipe.local.guarantee;

import dev.adpipe.local.guarantee.DruidGround.Sums;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Rows as the output job writes them for {@link DruidGround#pipeline}, without the jobs. */
final class DruidRows {
    /** In a batch, half of them in each of the topic's two partitions. */
    static final int BATCH = 40;

    private DruidRows() {}

    /**
     * Hands a batch to the producer.
     *
     * @param batch its price, so that sums tell which batches are in them
     * @return its sums
     */
    static Sums send(KafkaProducer<byte[], byte[]> producer, String topic, int batch) {
        Sums sums = new Sums(0, 0, 0);
        for (int i = 0; i < BATCH; i++) {
            String row =
                    "{\"__time\":\"2026-11-25T12:%02d:00.000Z\",\"campaign\":\"c%d\",\"number\":%d,\"impressions\":1,\"clicks\":0,\"price\":%d}"
                            .formatted(i, batch % 7, batch, batch);
            producer.send(new ProducerRecord<>(topic, i % 2, null, row.getBytes(StandardCharsets.UTF_8)));
            sums = sums.plus(new Sums(1, 0, batch));
        }
        return sums;
    }
}
