package dev.adpipe.join;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ShuffledEvent;
import java.nio.ByteBuffer;
import java.util.Comparator;

/** One event of a live key as the join sees it. Used by one thread. */
final class Event {
    /** What has been decided about it. */
    enum Status {
        HELD,
        EMITTED,
        UNMATCHED
    }

    /** The order in which what was held follows. */
    static final Comparator<Event> FUNNEL_ORDER = Comparator.comparingInt(Event::stream)
            .thenComparingLong(Event::time)
            .thenComparing(Event::id);

    /** The order in which decisions are due. */
    static final Comparator<Event> DUE_ORDER = Comparator.comparingLong(Event::time)
            .thenComparingInt(Event::stream)
            .thenComparing(Event::id);

    /** The better parent is the greater: the later one, then the one with the smaller id. */
    static final Comparator<Event> PARENT_ORDER =
            Comparator.comparingLong(Event::time).thenComparing(Event::id, Comparator.reverseOrder());

    private final int stream;
    private final String id;
    private final long time;
    private final PayloadEncoding encoding;
    private final long schemaId;
    private ByteBuffer payload;
    private Status status = Status.HELD;
    private Event parent;
    private int ordinal;
    private boolean unwritten;

    Event(int stream, String id, long time, PayloadEncoding encoding, long schemaId, ByteBuffer payload) {
        this.stream = stream;
        this.id = id;
        this.time = time;
        this.encoding = encoding;
        this.schemaId = schemaId;
        this.payload = payload;
    }

    /** For searches: before all events of its millisecond in the order of due times, after them in that of parents. */
    static Event probe(long time) {
        return new Event(-1, "", time, PayloadEncoding.JSON, 0, null);
    }

    static Event arriving(int stream, ShuffledEvent event) {
        return new Event(
                stream, event.eventId(), event.eventTime(), event.encoding(), event.schemaId(), event.payload());
    }

    int stream() {
        return stream;
    }

    String id() {
        return id;
    }

    long time() {
        return time;
    }

    PayloadEncoding encoding() {
        return encoding;
    }

    long schemaId() {
        return schemaId;
    }

    /** Null when nothing needs it any more. */
    ByteBuffer payload() {
        return payload;
    }

    void dropPayload() {
        payload = null;
    }

    Status status() {
        return status;
    }

    void setStatus(Status status) {
        this.status = status;
    }

    /** The event it was emitted with; null for the root of a chain. */
    Event parent() {
        return parent;
    }

    /** 1 for the first event of its stream emitted under this key; 0 if it is not emitted. */
    int ordinal() {
        return ordinal;
    }

    void setOrdinal(int ordinal) {
        this.ordinal = ordinal;
    }

    /** Emitted by decision, to be written when the key ends; in the books it is held until then. */
    boolean unwritten() {
        return unwritten;
    }

    void setUnwritten(boolean unwritten) {
        this.unwritten = unwritten;
    }

    void setParent(Event parent) {
        this.parent = parent;
    }

    ShuffledEvent toShuffled(String streamName) {
        return new ShuffledEvent(streamName, id, time, encoding, schemaId, payload);
    }
}
