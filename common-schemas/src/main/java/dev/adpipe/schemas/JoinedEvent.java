package dev.adpipe.schemas;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Events of one join key with their ancestors, on their way from join to output. See {@code joined-event.avsc}.
 *
 * <p>Over all records of a key each event is counted once. With {@code emit = eager} a record counts one event, the last
 * of {@code events}; with {@code emit = on-close} any number.
 *
 * @param events each after its parent
 */
public record JoinedEvent(String joinKey, List<Part> events) {

    /**
     * @throws IllegalArgumentException if an event comes before its parent, or has an ordinal below 0
     */
    public JoinedEvent {
        events = List.copyOf(events);
        for (int i = 0; i < events.size(); i++) {
            Part part = events.get(i);
            if (part.parent() < Part.ROOT || part.parent() >= i || part.ordinal() < 0) {
                throw new IllegalArgumentException("event " + i + " of a joined record has parent " + part.parent()
                        + " and ordinal " + part.ordinal()
                        + ": the parent must be -1 or the place of one before it, the ordinal at least 0");
            }
        }
    }

    /**
     * @param time    event time, milliseconds since the epoch
     * @param payload the raw record's value; read it through {@link ByteBuffer#duplicate()}
     * @param parent  place of its parent in the record, {@link #ROOT} for none
     * @param ordinal 1 for the first event of its stream emitted under this key; 0 if it is here as an ancestor only
     */
    public record Part(
            String stream,
            String id,
            long time,
            PayloadEncoding encoding,
            long schemaId,
            ByteBuffer payload,
            int parent,
            int ordinal) {
        /** The place of no parent. */
        public static final int ROOT = -1;

        /** Whether this record counts the event. */
        public boolean counted() {
            return ordinal > 0;
        }
    }

    /** Number of events that this record counts. */
    public int count() {
        return (int) events.stream().filter(Part::counted).count();
    }

    /** Places of an event's ancestors, the root first, and its own at the end. */
    public List<Integer> chain(int place) {
        List<Integer> chain = new ArrayList<>();
        for (int at = place; at != Part.ROOT; at = events.get(at).parent()) {
            chain.add(at);
        }
        Collections.reverse(chain);
        return chain;
    }
}
