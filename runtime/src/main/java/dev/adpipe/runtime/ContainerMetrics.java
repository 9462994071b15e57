package dev.adpipe.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * The container's metrics; {@code docs/metrics.md} is their catalogue. Counters of records rise after the commit by what the
 * commit added to the books, so they never count what an abort took back.
 *
 * <p>Told by the container's thread, read by the scraper's.
 */
final class ContainerMetrics implements Measures {
    private static final String UNMATCHED = "adpipe.records.unmatched";
    private static final String DEAD_LETTER = "adpipe.records.dead.letter";

    private final Meters meters;
    private final Clock clock;
    private final Counter consumed;
    private final Counter emitted;
    private final Counter duplicate;
    private final Timer commits;
    private final Timer processing;
    private final Counter rebalances;
    private final Counter aborts;
    private final Counter busySeconds;
    private final Utilization utilization = new Utilization(System.nanoTime());
    private final AtomicLong assignedTasks = new AtomicLong();
    private final AtomicLong runningTasks = new AtomicLong();
    private final AtomicLong lastTurn = new AtomicLong();
    private final Map<TopicPartition, TaskMetrics> tasks = new HashMap<>();

    ContainerMetrics(ContainerSettings settings, MeterRegistry registry, Clock clock) {
        this.clock = clock;
        meters = new Meters(
                registry,
                Tags.of(
                        "customer", settings.pipeline().customer(),
                        "pipeline", settings.pipeline().name(),
                        "stage", settings.stage(),
                        "container", settings.instance() + "-" + settings.number()));
        consumed = meters.counter("adpipe.records.consumed", "records taken from the input, and committed");
        emitted = meters.counter("adpipe.records.emitted", "events sent on");
        duplicate = meters.counter("adpipe.records.duplicate", "events dropped as copies");
        commits = meters.histogram("adpipe.commit", "from flush to the committed transaction");
        processing = meters.histogram("adpipe.process", "handling the records of one poll");
        rebalances = meters.counter("adpipe.rebalances", "times that partitions were given or taken");
        aborts = meters.counter("adpipe.aborts", "aborted transactions");
        busySeconds =
                meters.counter("adpipe.busy.seconds", "time that the container's thread did not wait for records");
        lastTurn.set(clock.millis());
        meters.gauge("adpipe.utilization.ratio", "busy share of the last 10 s", utilization::ratio);
        meters.gauge("adpipe.tasks.assigned", "input partitions of the container", assignedTasks::get);
        meters.gauge("adpipe.tasks.running", "input partitions that are being read", runningTasks::get);
        meters.gauge(
                "adpipe.last.turn.timestamp.seconds",
                "when the loop turned last, since the epoch",
                () -> lastTurn.get() / 1e3);
    }

    Meters meters() {
        return meters;
    }

    @Override
    public void unmatched(Collection<String> reasons) {
        reasons.forEach(this::unmatched);
    }

    @Override
    public void deadLetters(Collection<String> reasons) {
        reasons.forEach(this::deadLetter);
    }

    private Counter unmatched(String reason) {
        return meters.and("reason", reason).counter(UNMATCHED, "events that found no parent");
    }

    private Counter deadLetter(String reason) {
        return meters.and("reason", reason).counter(DEAD_LETTER, "events that could not be used");
    }

    @Override
    public void counter(String name, String help, String label, String value, LongSupplier total) {
        meters.and(label, value).counter("adpipe." + name, help, total);
    }

    @Override
    public void gauge(String name, String help, String label, String value, DoubleSupplier now) {
        meters.and(label, value).gauge("adpipe." + name, help, now);
    }

    /** Of an input partition of this container; made when asked for first. */
    TaskMetrics task(TopicPartition input) {
        return tasks.computeIfAbsent(
                input,
                i -> new TaskMetrics(
                        meters.and("topic", i.topic(), "partition", Integer.toString(i.partition())), clock));
    }

    /** The partition is another's now. */
    void forget(TopicPartition input) {
        TaskMetrics task = tasks.remove(input);
        if (task != null) {
            task.close();
        }
    }

    void committed(long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
    }

    void processed(long nanos) {
        processing.record(nanos, TimeUnit.NANOSECONDS);
    }

    void aborted() {
        aborts.increment();
    }

    void rebalanced() {
        rebalances.increment();
    }

    void turned(long nanosBusy, long assigned, long running) {
        lastTurn.set(clock.millis());
        busySeconds.increment(nanosBusy / 1e9);
        utilization.add(System.nanoTime(), nanosBusy);
        assignedTasks.set(assigned);
        runningTasks.set(running);
    }

    /** One partition's books before and after a commit. */
    void count(Books before, Books after) {
        consumed.increment((double) (after.in() - before.in()));
        emitted.increment((double) (after.emitted() - before.emitted()));
        duplicate.increment((double) (after.duplicate() - before.duplicate()));
        rises(before.unmatchedByReason(), after.unmatchedByReason())
                .forEach((reason, more) -> unmatched(reason).increment(more));
        rises(before.deadLetteredByReason(), after.deadLetteredByReason())
                .forEach((reason, more) -> deadLetter(reason).increment(more));
    }

    private static Map<String, Long> rises(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> rises = new HashMap<>();
        after.forEach((reason, total) -> {
            long more = total - before.getOrDefault(reason, 0L);
            if (more != 0) {
                rises.put(reason, more);
            }
        });
        return rises;
    }
}
