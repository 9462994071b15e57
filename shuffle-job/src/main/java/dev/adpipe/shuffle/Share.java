package dev.adpipe.shuffle;

import dev.adpipe.schemas.payload.PayloadElement;
import java.util.List;
import java.util.Optional;

/**
 * What one stream gets of a raw record.
 *
 * @param events  usually one; with {@code for-each}, one for each element, none if the array is empty
 * @param refusal why the record is of no use to the stream; then there are no events
 */
record Share(EventRoute route, List<PayloadElement> events, Optional<Refusal> refusal) {
    Share {
        events = List.copyOf(events);
    }
}
