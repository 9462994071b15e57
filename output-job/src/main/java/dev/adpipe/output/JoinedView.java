package dev.adpipe.output;

import dev.adpipe.schemas.payload.FieldPath;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One event with its ancestors as a {@link RowTransform} sees it; payloads are decoded when first asked for.
 *
 * <p>Used by the container's thread, during the call it was passed to.
 */
public interface JoinedView {

    String joinKey();

    /** Stream of the event that this row counts. */
    String trigger();

    /** 1 for the first event of the trigger's stream emitted under this key. */
    int ordinal();

    /** Streams that are there, root first, the trigger last. */
    List<String> streams();

    /** Event id; empty if no event of that stream is there. */
    Optional<String> id(String stream);

    /** Event time, milliseconds since the epoch; empty if no event of that stream is there. */
    OptionalLong time(String stream);

    /**
     * A value of an event's payload: null, {@link String}, {@link Boolean}, {@link Long}, {@link Double},
     * {@link java.math.BigDecimal}, {@link List} or {@link java.util.Map}. Null if the event, the field or the value is
     * missing. What is thrown when the payload cannot be decoded is to be left alone: it says where the record goes.
     */
    Object value(String stream, FieldPath field);
}
