package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.RefusedException;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.state.KeyState;
import dev.adpipe.runtime.state.KeyedState;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.MalformedEnvelopeException;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.JoinSettings.Orphans;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The join of one shuffled partition: the whole table of DESIGN §5. Everything it knows is in its state and in its books.
 */
final class JoinTask implements Task {
    private static final String LATEST_TIME = "t:";
    private static final String MALFORMED = "malformed";
    private static final String UNKNOWN_STREAM = "unknown-stream";

    /** The reasons for which a record can be one. */
    static final List<String> DEAD_LETTERS = List.of(MALFORMED, UNKNOWN_STREAM);

    /** What the forced decisions of one transaction may write, the last one aside. */
    private static final long FORCED_BYTES = 16L << 20;

    private final KeyedState state;
    private final Books books;
    private final Funnel funnel;
    private final TaskRecord own;
    private final Watermark watermark;
    private final KeyJoin join;
    private final JoinOutput output;
    private final int maxEventsPerKey;
    private final int forcedAtOnce;
    private long latestTime;
    private long newestTime = Long.MIN_VALUE;
    private boolean recordSaved;

    /**
     * @param forcedAtOnce most keys with forced decisions in one transaction
     */
    JoinTask(PipelineDefinition definition, int forcedAtOnce, TaskContext context) {
        this.forcedAtOnce = forcedAtOnce;
        state = context.state().orElseThrow(() -> new IllegalStateException("the join needs a state"));
        books = context.books();
        watermark = Watermark.of(definition);
        TaskRecord before = state.taskRecord()
                .map(bytes -> TaskRecord.decode(bytes, watermark))
                .orElseGet(TaskRecord::first);
        DefinitionChange.check(
                before.streams(),
                definition.streams(),
                definition.source() + " cannot go on with the state of " + context.input());
        latestTime = latestTaken(parseMetadata(context), before, definition.shuffle());
        StreamCodes codes = before.codes();
        List<String> streams =
                definition.streams().stream().map(StreamDefinition::name).toList();
        streams.forEach(codes::add);
        own = new TaskRecord(codes, streams, before.horizons());
        funnel = new Funnel(definition.streams(), definition.join().skew().toMillis());
        boolean redefined = own.horizons().define(funnel, latestTime, watermark.value());
        recordSaved = before.streams().equals(streams) && !redefined;
        maxEventsPerKey = Math.max(1, definition.join().maxEventsPerKey());
        output = new JoinOutput(
                funnel,
                definition.topics(),
                context.input().partition(),
                definition.shuffle().maxRecordBytes(),
                books);
        join = new KeyJoin(
                funnel,
                new Judge(funnel, definition.join().orphans() == Orphans.EMIT),
                new EventEntries(funnel, codes),
                state,
                output,
                books,
                definition.join().maxKeyLife().toMillis(),
                definition.join().emit() == Emit.ON_CLOSE);
    }

    /** W, milliseconds since the epoch; {@code Long.MIN_VALUE} before there is one. */
    @Override
    public long watermark() {
        return watermark.value();
    }

    @Override
    public long newestEventTime() {
        return newestTime;
    }

    @Override
    public void committed() {
        newestTime = Long.MIN_VALUE;
    }

    @Override
    public Books books() {
        return books;
    }

    /** The latest event time taken, or no earlier one: {@code t:<millis>}; empty before the first event. */
    @Override
    public String metadata() {
        return latestTime == Long.MIN_VALUE ? "" : LATEST_TIME + latestTime;
    }

    /**
     * When the state has outlived the committed offset, the latest event time taken is not known: then the latest that the
     * shuffle can have let pass. Too late a time keeps events by a former, shorter window; too early a one would emit copies
     * again.
     */
    private long latestTaken(long committed, TaskRecord before, ShuffleSettings shuffle) {
        if (committed != Long.MIN_VALUE || before.streams().isEmpty() || watermark.newestClock() == Long.MIN_VALUE) {
            return committed;
        }
        long ahead =
                shuffle.maxSkew().plus(shuffle.tickInterval().multipliedBy(2)).toMillis();
        return Millis.plus(watermark.newestClock(), ahead);
    }

    private static long parseMetadata(TaskContext context) {
        String metadata = context.metadata();
        if (metadata.isEmpty()) {
            return Long.MIN_VALUE;
        }
        try {
            if (metadata.startsWith(LATEST_TIME)) {
                return Long.parseLong(metadata.substring(LATEST_TIME.length()));
            }
        } catch (NumberFormatException e) {
            // Told below, as any other text that this task never wrote.
        }
        throw new RefusedException("the committed offset of " + context.input() + " carries the metadata '"
                + metadata + "', not " + LATEST_TIME
                + "<milliseconds>: it was committed by something other than adpipe's join of this version");
    }

    @Override
    public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        try {
            if (EnvelopeCodec.isTick(record.value())) {
                watermark.update(EnvelopeCodec.decodeTick(record.value()));
                saveTaskRecord();
            } else {
                event(record, out);
            }
        } catch (MalformedEnvelopeException e) {
            refuse(record, MALFORMED, "neither an event nor a tick of adpipe's shuffle: " + e.getMessage(), out);
        }
    }

    private void event(ConsumerRecord<byte[], byte[]> record, Collector out) {
        if (record.value() == null) {
            throw new MalformedEnvelopeException("the value is null");
        }
        ShuffledEvent event = EnvelopeCodec.decodeShuffled(record.value());
        if (record.key() == null) {
            throw new MalformedEnvelopeException("an event of stream '" + event.stream() + "' without a join key");
        }
        int stream = funnel.indexOf(event.stream());
        if (stream < 0) {
            String explanation = "event '" + event.eventId() + "' is of stream '" + event.stream()
                    + "', which is not in the definition";
            refuse(record, UNKNOWN_STREAM, explanation, out);
            return;
        }
        if (!recordSaved) {
            saveTaskRecord();
        }
        latestTime = Math.max(latestTime, event.eventTime());
        newestTime = Math.max(newestTime, event.eventTime());
        books.countIn();
        take(record.key(), stream, event, out);
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, String reason, String explanation, Collector out) {
        books.countIn();
        out.deadLetter(record, reason, explanation);
        books.countDeadLettered(reason);
    }

    private void take(byte[] joinKey, int stream, ShuffledEvent event, Collector out) {
        KeyState living = state.get(joinKey).orElse(null);
        KeyEvents key = living == null ? null : join.settle(living, dueUpTo(), out);
        long horizon = own.horizons().of(stream, event.eventTime());
        if (key != null && key.get(stream, event.eventId()) != null) {
            books.countDuplicate();
            extend(key, horizon);
        } else if (watermark.value() > horizon) {
            output.unmatched(joinKey, event, Reason.LATE, out);
            return; // no state, and none to change: what is late extends nothing
        } else if (key != null && (key.closed() || key.count(stream) >= maxEventsPerKey)) {
            // Its id is not remembered, memory being bounded: a copy of it is flood again.
            output.unmatched(joinKey, event, Reason.FLOOD, out);
            extend(key, horizon);
        } else {
            if (key == null) {
                KeyState born = state.create(joinKey);
                born.setDeadline(horizon);
                key = join.events(born);
            }
            extend(key, horizon);
            join.arrive(key, Event.arriving(stream, event), dueUpTo(), out);
        }
        join.settle(key.key(), dueUpTo(), out);
    }

    /** Every record seen for a live key keeps it alive as long as a copy of that record would not be late. */
    private static void extend(KeyEvents key, long horizon) {
        if (!key.closed() && horizon > key.key().deadline()) {
            key.key().setDeadline(horizon);
        }
    }

    /** Of decisions due at d, those with W > d are taken. */
    private long dueUpTo() {
        return watermark.value() == Long.MIN_VALUE ? Long.MIN_VALUE : watermark.value() - 1;
    }

    /** Forced decisions, in the order (due, key). */
    @Override
    public boolean work(Collector out) {
        long upTo = dueUpTo();
        long enough = output.bytesSent() + FORCED_BYTES;
        for (int n = 0; n < forcedAtOnce && output.bytesSent() < enough; n++) {
            Optional<KeyState> next = upTo == Long.MIN_VALUE ? Optional.empty() : state.firstDue(upTo);
            if (next.isEmpty()) {
                return false;
            }
            KeyState key = next.get();
            long due = key.due();
            join.settle(key, due, out);
            state.advanceCursor(due, key.key());
        }
        return true;
    }

    private void saveTaskRecord() {
        state.setTaskRecord(own.encode(watermark));
        recordSaved = true;
    }
}
