package dev.adpipe.runtime;

import dev.adpipe.runtime.state.TaskState;
import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The gauges of one input partition, from its assignment to its revocation. Each is there from the moment its value is known.
 *
 * <p>Told by the container's thread, read by the scraper's. Times are milliseconds since the epoch.
 */
final class TaskMetrics implements AutoCloseable {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Meters meters;
    private final Clock clock;
    private final List<Meter> registered = new ArrayList<>();
    private final long assignedAt;
    private long lastAppended = UNKNOWN;
    private long caughtUpAt = UNKNOWN;
    private long waitsFor = UNKNOWN;

    private volatile long backlog = -1;
    private volatile long nextAppended = UNKNOWN;
    private volatile long eventTimeDelay = UNKNOWN;
    private volatile long watermark = UNKNOWN;
    private volatile long held = -1;
    private volatile long added;
    private volatile long entries = -1;
    private volatile long bytes;
    private volatile long restoreRemaining = -1;
    private volatile double restoreSeconds;

    /**
     * @param meters with the labels of the partition
     */
    TaskMetrics(Meters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        this.assignedAt = clock.millis();
    }

    /** Records up to this one have been processed. */
    void processed(long appended) {
        lastAppended = appended;
        waitsFor = UNKNOWN;
    }

    /** This record cannot be processed now. */
    void waitingFor(long appended) {
        waitsFor = appended;
    }

    /**
     * @param records from the next to be processed to the last that is visible to the stage; empty: unknown now
     */
    void backlog(OptionalLong records) {
        if (records.isEmpty()) {
            return;
        }
        if (records.getAsLong() == 0) {
            caughtUpAt = clock.millis();
            nextAppended = UNKNOWN;
        } else {
            nextAppended = nextAppended();
        }
        boolean first = backlog < 0;
        backlog = records.getAsLong();
        if (first) {
            gauge("adpipe.backlog.records", "records visible to the stage and not yet processed", () -> backlog);
            gauge(
                    "adpipe.backlog.seconds",
                    "now - append time of the next record visible to the stage, 0 when caught up",
                    () -> nextAppended == UNKNOWN ? 0 : seconds(clock.millis() - nextAppended));
        }
    }

    /**
     * Of the next record, which nobody has looked at yet: it came no earlier than the one before, and no earlier than the
     * moment at which there was none.
     */
    private long nextAppended() {
        if (waitsFor != UNKNOWN) {
            return waitsFor;
        }
        long known = Math.max(lastAppended, caughtUpAt);
        return known == UNKNOWN ? assignedAt : known;
    }

    /** A task has been opened, at first or again. */
    void opened(AssignedTask task) {
        show(task);
    }

    /**
     * What the task has done is committed.
     *
     * @param newestEvent event time of the newest event in it; {@code Long.MIN_VALUE}: none
     */
    void committed(AssignedTask task, long newestEvent) {
        if (newestEvent != UNKNOWN) {
            boolean first = eventTimeDelay == UNKNOWN;
            eventTimeDelay = Math.max(0, clock.millis() - newestEvent);
            if (first) {
                gauge(
                        "adpipe.event.time.delay.seconds",
                        "at the last commit with events: the time of the commit - the event time of its newest event",
                        () -> seconds(eventTimeDelay));
            }
        }
        show(task);
    }

    private void show(AssignedTask task) {
        Books books = task.committed().books();
        boolean first = held < 0;
        held = books.held();
        added = books.added();
        if (first) {
            gauge("adpipe.records.held", "events that wait for their fate", () -> held);
            gauge(
                    "adpipe.records.added",
                    "events that splitting records has added since provisioning, less the records without events",
                    () -> added);
        }
        task.state().ifPresent(this::show);
        watermark(task.task().watermark());
    }

    private void show(TaskState state) {
        boolean first = entries < 0;
        entries = state.liveKeys();
        bytes = state.approximateBytes();
        if (first) {
            gauge("adpipe.state.entries", "live keys in local state", () -> entries);
            gauge("adpipe.state.bytes", "size of the live keys and their values, uncompressed", () -> bytes);
        }
    }

    private void watermark(long time) {
        if (time == UNKNOWN) {
            return;
        }
        boolean first = watermark == UNKNOWN;
        watermark = time;
        if (first) {
            gauge("adpipe.watermark.delay.seconds", "now - the watermark", () -> seconds(clock.millis() - watermark));
        }
    }

    /** How far the restore of the task's state is; stays, with 0 remaining, while the task is here. */
    void restoring(long recordsRemaining, double secondsTaken) {
        boolean first = restoreRemaining < 0;
        restoreRemaining = recordsRemaining;
        restoreSeconds = secondsTaken;
        if (first) {
            gauge(
                    "adpipe.restore.remaining.records",
                    "changelog offsets still to be read until the state is complete",
                    () -> restoreRemaining);
            gauge("adpipe.restore.seconds", "how long the restore has taken", () -> restoreSeconds);
        }
    }

    private void gauge(String name, String help, java.util.function.DoubleSupplier value) {
        registered.add(meters.gauge(name, help, value));
    }

    private static double seconds(long millis) {
        return Math.max(0, millis) / 1e3;
    }

    @Override
    public void close() {
        registered.forEach(meters.registry()::remove);
    }
}
