package dev.adpipe.local;

import dev.adpipe.runtime.Collector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;

/** What a few replayed letters led to, together with the note that they were replayed. Used by one thread. */
final class ReplayTransaction implements Collector {
    private final KafkaProducer<byte[], byte[]> producer;
    private final ReplayLedger ledger;
    private final ConsumerGroupMetadata group;
    private DeadLetter current;
    private int letters;
    private int refused;

    ReplayTransaction(KafkaProducer<byte[], byte[]> producer, ReplayLedger ledger, ConsumerGroupMetadata group) {
        this.producer = producer;
        this.ledger = ledger;
        this.group = group;
    }

    ReplayLedger ledger() {
        return ledger;
    }

    /** Letters since the last commit. */
    int letters() {
        return letters;
    }

    /** New dead letters, in all. */
    int refused() {
        return refused;
    }

    void begin(DeadLetter letter) {
        if (letters == 0) {
            producer.beginTransaction();
        }
        letters++;
        current = letter;
    }

    void end(DeadLetter letter) {
        ledger.mark(letter);
    }

    /** A send that failed makes the commit fail. */
    @Override
    public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
        var unused = producer.send(new ProducerRecord<>(topic, partition, null, key, value, headers));
    }

    /** Beside the letter that was replayed: that one stays, as replayed. */
    @Override
    public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
        refused++;
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                current.record().topic(),
                current.record().partition(),
                null,
                record.key(),
                record.value(),
                current.originalHeaders());
        add(letter, DeadLetter.STAGE, current.stage());
        add(letter, DeadLetter.REASON, reason);
        add(letter, DeadLetter.EXPLANATION, explanation);
        add(letter, DeadLetter.TOPIC, record.topic());
        add(letter, DeadLetter.PARTITION, Integer.toString(record.partition()));
        add(letter, DeadLetter.OFFSET, Long.toString(record.offset()));
        var unused = producer.send(letter);
    }

    void commit() {
        if (letters > 0) {
            producer.sendOffsetsToTransaction(ledger.takeChanges(), group);
            producer.commitTransaction();
            letters = 0;
        }
    }

    /** After a failure; whatever this leaves undone, the broker or the next replay's start decides as aborted. */
    void abort() {
        if (letters > 0) {
            try {
                producer.abortTransaction();
            } catch (KafkaException e) {
                letters = 0;
            }
        }
    }

    private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
