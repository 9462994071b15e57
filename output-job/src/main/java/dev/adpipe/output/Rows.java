package dev.adpipe.output;

import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.JoinedEvent;
import java.util.ArrayList;
import java.util.List;

/** A joined record's way to finished rows. Shared by the tasks of a job. */
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

    /** The events that the record counts and whose rows are inside the range, in the record's order. */
    List<LazyJoinedView> views(JoinedEvent record, RowRange range) {
        List<LazyJoinedView> views = LazyJoinedView.of(record, payloads);
        views.removeIf(event -> !range.contains(maker.time(event)));
        return views;
    }

    /**
     * @param now   by the wall clock, milliseconds since the epoch
     * @param notes gets what is to be counted
     * @return one for each event
     * @throws RejectedRowException if one of them cannot be made
     * @throws NotReadyException    if a schema cannot be had at the moment
     */
    List<Row> make(List<LazyJoinedView> events, long now, RowNotes notes) {
        lookups.refresh(now);
        List<Row> rows = new ArrayList<>();
        for (LazyJoinedView event : events) {
            Row row = maker.make(event, notes);
            transform(row, event);
            rows.add(row);
        }
        return rows;
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
