package dev.adpipe.runtime;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Where a task's outputs go: into the transaction that also commits the offsets of the records they came from.
 *
 * <p>Used by the container's thread, during the call it was passed to.
 */
public interface Collector {

    /**
     * @param partition a partition of the topic, see {@link Partitioning}
     * @param key       may be null
     */
    void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers);

    /** Without headers. */
    default void send(String topic, int partition, byte[] key, byte[] value) {
        send(topic, partition, key, value, List.of());
    }

    /**
     * Sends a record to the dead letters, key, value and headers untouched, with headers that say stage, reason,
     * explanation, topic, partition and offset. The caller counts it in its {@link Books}.
     *
     * @param reason      one of a small fixed set of words, lower case with hyphens; becomes a metric's label
     * @param explanation for a person: what was wrong, where, the value, the rule
     */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation);
}
