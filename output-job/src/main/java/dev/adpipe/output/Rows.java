package dev.adpipe.output;

import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.JoinedEvent;
import java.util.List;

/** A joined event's way to a finished row. Shared by the tasks of a job. */
final class Rows {
    private static final int SHOWN_MESSAGE = 400;

    private final StreamPayloads payloads;
    private final Lookups lookups;
    private final RowMaker maker;
    private final RowTransform transform;

    Rows(StreamPayloads payloads, Lookups lookups, RowMaker maker, RowTransform transform) {
        this.payloads = payloads;
        this.lookups = lookups;
        this.maker = maker;
        this.transform = transform;
    }

    /**
     * @param now    by the wall clock, milliseconds since the epoch
     * @param misses gets the name of a lookup for each value that is not in it
     * @return a JSON object
     * @throws RejectedRowException if no row can be made
     * @throws NotReadyException    if a schema cannot be had at the moment
     */
    byte[] make(JoinedEvent event, long now, List<String> misses) {
        checkChain(event);
        lookups.refresh(now);
        LazyJoinedView view = new LazyJoinedView(event, payloads);
        Row row = maker.make(view, misses);
        transform(row, view);
        return RowJson.encode(row);
    }

    /**
     * The time of the event's row, milliseconds since the epoch.
     *
     * @throws RejectedRowException if no row can be made
     */
    long time(JoinedEvent event) {
        checkChain(event);
        return maker.time(new LazyJoinedView(event, payloads));
    }

    private static void checkChain(JoinedEvent event) {
        int count = event.events().size();
        if (count == 0 || !event.events().get(count - 1).stream().equals(event.trigger())) {
            throw new RejectedRowException(
                    RejectedRowException.MALFORMED,
                    "a joined event must end with its trigger, stream " + event.trigger() + ", but holds "
                            + event.events().stream()
                                    .map(JoinedEvent.Part::stream)
                                    .toList());
        }
    }

    private void transform(Row row, JoinedView view) {
        try {
            transform.apply(row, view);
        } catch (RejectedRowException | NotReadyException e) {
            throw e;
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            throw new RejectedRowException(
                    RejectedRowException.TRANSFORM_FAILED,
                    "transform " + transform.name() + " threw " + CleaningSteps.truncate(e.toString(), SHOWN_MESSAGE)
                            + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }
}
