package dev.adpipe.output;

import dev.adpipe.runtime.Collector;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where finished rows go. Used by the container's thread.
 *
 * <p>A sink outside the transaction (one that pushes) gathers rows here with the records they came from, and needs one
 * more call, before the commit: then it waits until the receiver has the whole batch, so that no offset is committed
 * beyond what has arrived, and names the records whose rows were refused.
 */
interface Sink {

    /**
     * Takes all rows of one record, or refuses them before anything was sent.
     *
     * @param source the record that the rows came from; its partition number is theirs
     * @param key    the join key, UTF-8
     * @param rows   JSON objects in UTF-8, or what the definition wants instead
     * @throws RejectedRowException if the sink will never take one of these rows, for its content
     * @throws dev.adpipe.runtime.NotReadyException if the sink is down: it is waited for
     */
    void write(ConsumerRecord<byte[], byte[]> source, byte[] key, List<byte[]> rows, Collector out);
}
