package dev.adpipe.runtime;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A record without key and value that a container writes only to have Kafka end a transaction it left open there
 * ({@link LeftOpen}). It says nothing: whoever reads one of our topics passes over it. Stateless.
 */
public final class ClosingRecord {
    /** Dead letters and raw records may be without key and value, too. */
    private static final String HEADER = "adpipe.closing";

    private ClosingRecord() {}

    static ProducerRecord<byte[], byte[]> in(TopicPartition partition) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(partition.topic(), partition.partition(), null, null);
        record.headers().add(HEADER, new byte[0]);
        return record;
    }

    /** Whether a record is one. */
    public static boolean is(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null
                && record.key() == null
                && record.headers().lastHeader(HEADER) != null;
    }
}
