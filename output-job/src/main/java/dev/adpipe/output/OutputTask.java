package dev.adpipe.output;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Task;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.MalformedEnvelopeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One partition of joined events: each becomes one row or one dead letter. Keeps nothing between records but its books. */
final class OutputTask implements Task {
    private final Rows rows;
    private final RowRange range;
    private final Sink sink;
    private final LookupMisses lookupMisses;
    private final Books books;
    private final Clock clock;

    OutputTask(Rows rows, RowRange range, Sink sink, LookupMisses lookupMisses, Books books, Clock clock) {
        this.rows = rows;
        this.range = range;
        this.sink = sink;
        this.lookupMisses = lookupMisses;
        this.books = books;
        this.clock = clock;
    }

    /** Counts last, so that a record that must wait for a schema registry has left no trace. */
    @Override
    public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        List<String> misses = new ArrayList<>(0);
        try {
            JoinedEvent event = decode(record);
            if (!range.contains(rows.time(event))) {
                return;
            }
            byte[] row = rows.make(event, clock.millis(), misses);
            sink.write(record, event.joinKey().getBytes(StandardCharsets.UTF_8), row, out);
        } catch (RejectedRowException e) {
            out.deadLetter(record, e.reason(), e.getMessage());
            books.countIn();
            books.countDeadLettered(e.reason());
            return;
        }
        books.countIn();
        books.countEmitted();
        lookupMisses.count(misses);
    }

    @Override
    public Books books() {
        return books;
    }

    private static JoinedEvent decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new RejectedRowException(RejectedRowException.MALFORMED, "the record has no value");
        }
        try {
            return EnvelopeCodec.decodeJoined(record.value());
        } catch (MalformedEnvelopeException e) {
            throw new RejectedRowException(RejectedRowException.MALFORMED, e.getMessage());
        }
    }
}
