package dev.adpipe.output;

import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.payload.FieldPath;

/** Decodes an event's payload. */
@FunctionalInterface
interface Payloads {

    /**
     * @throws RejectedRowException if the bytes are not what they should be
     * @throws dev.adpipe.runtime.NotReadyException if a schema cannot be had at the moment
     */
    Fields decode(Part part);

    /** A decoded payload. */
    @FunctionalInterface
    interface Fields {
        Object value(FieldPath path);
    }
}
