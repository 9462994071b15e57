package dev.adpipe.runtime;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Sends into the container's transaction. Used by the container's thread. */
final class TransactionCollector implements Collector {
    private final Transaction transaction;
    private final DeadLetters deadLetters;
    private int sent;

    TransactionCollector(Transaction transaction, DeadLetters deadLetters) {
        this.transaction = transaction;
        this.deadLetters = deadLetters;
    }

    @Override
    public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
        sent++;
        transaction.send(new ProducerRecord<>(topic, partition, null, key, value, headers));
    }

    @Override
    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
        sent++;
        transaction.send(deadLetters.letter(record, reason, explanation));
    }

    /** Records sent so far; wraps around, only differences count. */
    int sent() {
        return sent;
    }
}
