package dev.adpipe.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
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
    private final Timer commits;
    private final Counter rebalances;
    private final Counter aborts;
    private final Counter busyNanos;
    private final AtomicLong runningTasks = new AtomicLong();
    private final AtomicLong restoreRemaining = new AtomicLong();
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
        Tags own = tags.and("container", Integer.toString(settings.number()));
        gauge("adpipe.tasks.running", runningTasks, own);
        gauge("adpipe.restore.remaining.records", restoreRemaining, own);
        gauge("adpipe.last.turn.timestamp.millis", lastTurnMillis, own);
    }

    private void gauge(String name, AtomicLong value, Tags own) {
        Gauge.builder(name, value, AtomicLong::get).tags(own).register(registry);
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

    void turned(long now, long nanosBusy, long running, long remaining) {
        lastTurnMillis.set(now);
        busyNanos.increment((double) nanosBusy);
        runningTasks.set(running);
        restoreRemaining.set(remaining);
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
