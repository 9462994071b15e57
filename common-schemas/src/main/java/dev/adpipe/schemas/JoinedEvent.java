package dev.adpipe.schemas;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * An event with its ancestors, on its way from join to output. See {@code joined-event.avsc}.
 *
 * @param trigger stream of the event that this record counts; it is the last of {@code events}
 * @param ordinal 1 for the first event of its stream emitted under this key
 * @param events  root first, the trigger last
 */
public record JoinedEvent(String joinKey, String trigger, int ordinal, List<Part> events) {
    public JoinedEvent {
        events = List.copyOf(events);
    }

    /**
     * @param time    event time, milliseconds since the epoch
     * @param payload the raw record's value; read it through {@link ByteBuffer#duplicate()}
     */
    public record Part(
            String stream, String id, long time, PayloadEncoding encoding, long schemaId, ByteBuffer payload) {}
}
