package dev.adpipe.shuffle;

import dev.adpipe.schemas.payload.PayloadElement;
import dev.adpipe.schemas.payload.PayloadFields;
import java.util.List;
import java.util.Optional;

/**
 * What one stream gets of a raw record.
 *
 * @param events        usually one; with {@code for-each}, one for each element, none if the array is empty
 * @param withoutEvents of the record, if it has no events
 * @param refusal       why the record is of no use to the stream; then there are no events and no fields
 */
record Share(
        EventRoute route,
        List<PayloadElement> events,
        Optional<PayloadFields> withoutEvents,
        Optional<Refusal> refusal) {
    Share {
        events = List.copyOf(events);
    }
}
