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
        rows.forEach(row -> requireRoom((long) key.length + row.length));
        rows.forEach(row -> send(source.partition(), key, row, out));
    }

    /** A row for which there is room. */
    void send(int partition, byte[] key, byte[] row, Collector out) {
        out.send(topic, partition, key, row);
    }

    /** Whether a row of so many bytes, with its key, is taken. */
    boolean hasRoomFor(long size) {
        return size <= maxRowBytes;
    }

    void requireRoom(long size) {
        if (!hasRoomFor(size)) {
            throw new RejectedRowException(
                    RejectedRowException.TOO_LARGE,
                    "the row has " + size + " bytes with its key, " + topic + " takes at most " + maxRowBytes
                            + "; truncate the longest dimensions");
        }
    }
}
