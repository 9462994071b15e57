package dev.adpipe.output;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Task;
import dev.adpipe.schemas.JoinedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One partition of joined records whose rows are pushed to a receiver outside of Kafka. A record is settled when it is known
 * of each of its rows whether the receiver has it; only then it is counted, in the order of the offsets, and may be
 * committed. Everything is told to Kafka at that moment, refusals too, so that no transaction is open while answers are
 * waited for.
 *
 * <p>After an abort, a crash or a handover, what was not settled is pushed again: the receiver may then have rows twice.
 */
final class PushTask implements Task {
    /** Rows, and records, that may be unsettled before no more records are taken, give or take one poll. */
    static final int MOST_UNSETTLED = 5_000;

    private static final long RETRY_MS = 1_000;

    private final Rows rows;
    private final RowRange range;
    private final PushSink sink;
    private final TaskTally tally;
    private final Clock clock;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<PushedRow> waiting = new ArrayDeque<>();
    private final Queue<PushedRow> failures = new ConcurrentLinkedQueue<>();

    private int unsettledRows;
    private long retryAt = Long.MIN_VALUE;

    /**
     * @param noticed what is to be counted of its rows
     * @param refusal null if rows were made
     * @param events  that the record counts, if it is refused
     */
    private record Pending(
            ConsumerRecord<byte[], byte[]> record,
            List<PushedRow> rows,
            RowNotes noticed,
            RejectedRowException refusal,
            int events) {
        boolean settled() {
            return rows.stream().allMatch(PushedRow::settled);
        }
    }

    /**
     * @param tally counts what is settled
     */
    PushTask(Rows rows, RowRange range, PushSink sink, TaskTally tally, Clock clock) {
        this.rows = rows;
        this.range = range;
        this.sink = sink;
        this.tally = tally;
        this.clock = clock;
    }

    @Override
    public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        RowNotes noticed = new RowNotes();
        int events = 1; // if it cannot be told
        List<PushedRow> made = new ArrayList<>(1);
        RejectedRowException refusal = null;
        try {
            JoinedEvent joined = OutputTask.decode(record);
            List<LazyJoinedView> views = rows.views(joined, range);
            events = views.size();
            for (Row row : rows.make(views, clock.millis(), noticed)) {
                made.add(new PushedRow(row.time(), RowJson.encode(row), failures));
            }
        } catch (RejectedRowException e) {
            refusal = e;
        }
        pending.addLast(new Pending(record, made, noticed, refusal, events));
        waiting.addAll(made);
        unsettledRows += made.size();
    }

    @Override
    public boolean work(Collector out) {
        long now = clock.millis();
        takeBackFailures(now);
        if (now >= retryAt) {
            while (!waiting.isEmpty() && waiting.peekFirst().offer(sink.target())) {
                waiting.removeFirst();
            }
        }
        while (!pending.isEmpty() && pending.peekFirst().settled()) {
            settle(pending.removeFirst(), now, out);
        }
        return false;
    }

    /** With one failed, the others wait too: most likely it is the receiver that is away, and not the row that is wrong. */
    private void takeBackFailures(long now) {
        for (PushedRow row = failures.poll(); row != null; row = failures.poll()) {
            sink.failed(row);
            waiting.addFirst(row);
            retryAt = now + RETRY_MS;
        }
    }

    private void settle(Pending record, long now, Collector out) {
        if (record.refusal() != null) {
            String reason = record.refusal().reason();
            out.deadLetter(record.record(), reason, record.refusal().getMessage());
            tally.deadLettered(record.events(), reason);
            return;
        }
        unsettledRows -= record.rows().size();
        tally.noticed(record.noticed());
        tally.totals().made(record.rows().size());
        List<PushedRow> dropped =
                record.rows().stream().filter(PushedRow::wasDropped).toList();
        tally.totals().sent(record.rows().size() - dropped.size());
        if (!dropped.isEmpty()) {
            out.deadLetter(
                    record.record(),
                    RejectedRowException.DROPPED,
                    sink.explain(dropped, record.rows().size(), now));
        }
        for (PushedRow row : record.rows()) {
            sink.count(row);
            tally.time(row.time());
            if (row.wasDropped()) {
                tally.deadLettered(1, RejectedRowException.DROPPED);
            } else {
                tally.emitted();
            }
        }
    }

    @Override
    public OptionalLong firstUnsettled() {
        return pending.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(pending.peekFirst().record().offset());
    }

    @Override
    public boolean full() {
        return Math.max(unsettledRows, pending.size()) >= MOST_UNSETTLED;
    }

    @Override
    public void committed() {
        tally.committed();
    }

    @Override
    public String metadata() {
        return tally.totals().encode();
    }

    @Override
    public long newestEventTime() {
        return tally.newestTime();
    }

    @Override
    public Books books() {
        return tally.books();
    }
}
