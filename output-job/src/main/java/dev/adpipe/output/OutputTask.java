package dev.adpipe.output;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Task;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.MalformedEnvelopeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One partition of joined records. Of each record all events become rows, or, if one of them cannot, none: the record is a
 * dead letter then, as it came, so that its replay makes all its rows and doubles none. The books count events. Keeps
 * nothing beyond a commit but its books and totals.
 */
final class OutputTask implements Task {
    private final Rows rows;
    private final RowRange range;
    private final RowOutlet outlet;
    private final TaskTally tally;
    private final Clock clock;

    /**
     * @param tally its totals are counted by the outlet
     */
    OutputTask(Rows rows, RowRange range, RowOutlet outlet, TaskTally tally, Clock clock) {
        this.rows = rows;
        this.range = range;
        this.outlet = outlet;
        this.tally = tally;
        this.clock = clock;
    }

    /** Counts last, so that a record that must wait for a schema registry has left no trace. */
    @Override
    public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        RowNotes noticed = new RowNotes();
        int events = 1; // if it cannot be told
        try {
            JoinedEvent joined = decode(record);
            List<LazyJoinedView> views = rows.views(joined, range);
            events = views.size();
            List<Row> made = rows.make(views, clock.millis(), noticed);
            outlet.take(record, joined.joinKey().getBytes(StandardCharsets.UTF_8), made, out);
            views.forEach(view -> tally.time(view.triggerTime()));
        } catch (RejectedRowException e) {
            out.deadLetter(record, e.reason(), e.getMessage());
            tally.deadLettered(events, e.reason());
            return;
        }
        for (int n = 0; n < events; n++) {
            tally.emitted();
        }
        tally.noticed(noticed);
    }

    @Override
    public void committed() {
        tally.committed();
    }

    @Override
    public long newestEventTime() {
        return tally.newestTime();
    }

    @Override
    public void beforeCommit(Collector out) {
        outlet.flush(out);
    }

    @Override
    public String metadata() {
        return tally.totals().encode();
    }

    @Override
    public Books books() {
        return tally.books();
    }

    /**
     * @throws RejectedRowException if the record is no joined event
     */
    static JoinedEvent decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            throw new RejectedRowException(RejectedRowException.MALFORMED, "the record has no value");
        }
        JoinedEvent joined;
        try {
            joined = EnvelopeCodec.decodeJoined(record.value());
        } catch (MalformedEnvelopeException e) {
            throw new RejectedRowException(RejectedRowException.MALFORMED, e.getMessage());
        }
        if (joined.count() == 0) {
            throw new RejectedRowException(
                    RejectedRowException.MALFORMED,
                    "a joined record must count an event, with an ordinal of 1 or more, but this one holds "
                            + joined.events().size() + " without");
        }
        return joined;
    }
}
