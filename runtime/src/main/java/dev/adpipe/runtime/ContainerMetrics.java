package dev.adpipe.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * The container's metrics. Counters of records rise after the commit by what the commit added to the books, so they never
 * count what an abort took back.
 *
 * <p>Written by the container's thread, read by the scraper's.
 */
final class ContainerMetrics {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Tags own;
    private final Timer commits;
    private final Counter rebalances;
    private final Counter aborts;
    private final Counter busyNanos;
    private final AtomicLong runningTasks = new AtomicLong();
    private final AtomicLong lastTurnMillis = new AtomicLong();

    ContainerMetrics(ContainerSettings settings, MeterRegistry registry) {
        this.registry = registry;
        this.tags = Tags.of(
                "customer", settings.pipeline().customer(),
                "pipeline", settings.pipeline().name(),
                "stage", settings.stage());
        this.commits = registry.timer("adpipe.commit", tags);
        this.rebalances = registry.counter("adpipe.rebalances", tags);
        this.aborts = registry.counter("adpipe.aborts", tags);
        this.busyNanos = registry.counter("adpipe.busy.nanoseconds", tags);
        own = tags.and("container", Integer.toString(settings.number()));
        gauge("adpipe.tasks.running", runningTasks, own);
        gauge("adpipe.last.turn.timestamp.millis", lastTurnMillis, own);
    }

    private Meter gauge(String name, AtomicLong value, Tags labels) {
        return Gauge.builder(name, value, AtomicLong::get).tags(labels).register(registry);
    }

    /** Of one partition's restore, until it is closed. */
    Restore restore(int partition) {
        return new Restore(own.and("partition", Integer.toString(partition)));
    }

    /** What a restore has before it and how long it has taken; it stays, with 0 remaining, while the task runs here. */
    final class Restore implements AutoCloseable {
        private final AtomicLong remaining = new AtomicLong();
        private final AtomicLong seconds = new AtomicLong();
        private final List<Meter> meters;

        private Restore(Tags labels) {
            meters = List.of(
                    gauge("adpipe.restore.remaining.records", remaining, labels),
                    gauge("adpipe.restore.seconds", seconds, labels));
        }

        void at(long recordsRemaining, long secondsTaken) {
            remaining.set(recordsRemaining);
            seconds.set(secondsTaken);
        }

        @Override
        public void close() {
            meters.forEach(registry::remove);
        }
    }

    void committed(long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
    }

    void aborted() {
        aborts.increment();
    }

    void rebalanced() {
        rebalances.increment();
    }

    void turned(long now, long nanosBusy, long running) {
        lastTurnMillis.set(now);
        busyNanos.increment((double) nanosBusy);
        runningTasks.set(running);
    }

    /** One partition's books before and after a commit. */
    void count(Books before, Books after) {
        rise("adpipe.records.consumed", before, after, Books::in);
        rise("adpipe.records.emitted", before, after, Books::emitted);
        rise("adpipe.records.duplicate", before, after, Books::duplicate);
        rise("adpipe.records.unmatched", before.unmatchedByReason(), after.unmatchedByReason());
        rise("adpipe.records.dead.letter", before.deadLetteredByReason(), after.deadLetteredByReason());
    }

    private void rise(String name, Books before, Books after, ToLongFunction<Books> total) {
        long more = total.applyAsLong(after) - total.applyAsLong(before);
        if (more != 0) {
            registry.counter(name, tags).increment((double) more);
        }
    }

    private void rise(String name, Map<String, Long> before, Map<String, Long> after) {
        after.forEach((reason, total) -> {
            long more = total - before.getOrDefault(reason, 0L);
            if (more != 0) {
                registry.counter(name, tags.and("reason", reason)).increment((double) more);
            }
        });
    }
}
