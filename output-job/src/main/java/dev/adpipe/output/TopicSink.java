package dev.adpipe.output;

import dev.adpipe.runtime.Collector;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Rows to a topic, in the transaction, partition by partition as they came. */
final class TopicSink implements Sink {
    /** A batch's and a record's headers, rounded up: the broker's limit is for the batch. */
    private static final int OVERHEAD = 128;

    private final String topic;
    private final long maxRowBytes;

    /**
     * @param maxMessageBytes the topic's limit; a larger record would be refused by the broker, and its transaction with it
     */
    TopicSink(String topic, long maxMessageBytes) {
        this.topic = topic;
        this.maxRowBytes = maxMessageBytes - OVERHEAD;
    }

    @Override
    public void write(ConsumerRecord<byte[], byte[]> source, byte[] key, List<byte[]> rows, Collector out) {
        for (byte[] row : rows) {
            long size = (long) key.length + row.length;
            if (size > maxRowBytes) {
                throw new RejectedRowException(
                        RejectedRowException.TOO_LARGE,
                        "the row has " + size + " bytes with its key, " + topic + " takes at most " + maxRowBytes
                                + "; truncate the longest dimensions");
            }
        }
        for (byte[] row : rows) {
            out.send(topic, source.partition(), key, row);
        }
    }
}
