package dev.adpipe.output;

import dev.adpipe.runtime.Collector;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The way of one task's finished rows to the sink. Used by the container's thread. */
interface RowOutlet {

    /**
     * Takes all rows of one record, or refuses them before anything was sent.
     *
     * @param key the join key, UTF-8
     * @throws RejectedRowException if one of these rows will never be taken, for its content
     * @throws dev.adpipe.runtime.NotReadyException if the sink is down: it is waited for
     */
    void take(ConsumerRecord<byte[], byte[]> source, byte[] key, List<Row> rows, Collector out);

    /** Before the commit: nothing is held back any more afterwards. */
    void flush(Collector out);

    /** Each row as it is, at once. */
    static RowOutlet direct(RowFormat format, Sink sink, RowTotals totals) {
        return new RowOutlet() {
            @Override
            public void take(ConsumerRecord<byte[], byte[]> source, byte[] key, List<Row> rows, Collector out) {
                sink.write(source, key, rows.stream().map(format::encode).toList(), out);
                totals.made(rows.size());
                totals.sent(rows.size());
            }

            @Override
            public void flush(Collector out) {}
        };
    }
}
