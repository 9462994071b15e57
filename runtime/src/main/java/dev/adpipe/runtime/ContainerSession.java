package dev.adpipe.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The container's loop, with one set of clients: poll, hand out, commit. Ends when it is told to stop, or by an
 * exception: {@link TransactionException.Fenced} asks for a new session, anything else ends the container.
 *
 * <p>Runs on the container's thread, the rebalance callbacks included: they are called from within {@code poll}.
 */
final class ContainerSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ContainerSession.class);
    private static final Duration LONGEST_POLL = Duration.ofMillis(100);
    private static final Duration COMMITTED_TIMEOUT = Duration.ofMillis(500);
    private static final long RETRY_MS = 1_000;
    private static final Duration LONGEST_SETTLE = Duration.ofSeconds(10);
    private static final long SETTLE_LOOK_MS = 20;

    private final ContainerSettings settings;
    private final Job job;
    private final Clock clock;
    private final ContainerMetrics metrics;
    private final ContainerHealth health;
    private final SessionClients clients;
    private final Consumer<byte[], byte[]> consumer;
    private final Committer committer;
    private final Ticker ticker;
    private final ChangelogTrimmer trimmer;
    private final Map<TopicPartition, AssignedTask> tasks = new LinkedHashMap<>();
    private final TransactionCollector collector;
    private RuntimeException failedInCallback;
    private final InputEnds ends;
    private boolean moreWork;
    private boolean locating;
    private boolean inGroup;
    private boolean behind;

    /**
     * When a commit does not wait for the rest of a poll, since in a new process each record may take a millisecond. Once in a
     * poll: where a commit takes longer than the interval, each record would be a transaction otherwise.
     */
    private long commitInPollAt;

    ContainerSession(
            ContainerSettings settings,
            Job job,
            Clock clock,
            ContainerMetrics metrics,
            ContainerHealth health,
            SessionClients clients) {
        this.settings = settings;
        this.job = job;
        this.clock = clock;
        this.metrics = metrics;
        this.health = health;
        this.clients = clients;
        this.consumer = clients.consumer();
        this.committer = new Committer(settings, clock, metrics, clients);
        this.collector = clients.collector();
        this.ticker = new Ticker(settings, job, clock, clients);
        this.trimmer = new ChangelogTrimmer(clients.admin());
        this.ends = new InputEnds(clients.admin(), clock);
        clients.standbys()
                .ifPresent(standbys -> clients.membership()
                        .reporting(() -> standbys.held(clients.changelog().orElseThrow(), tasks.values())));
    }

    /** Turns the loop until told to stop, then commits what is done. */
    void run(BooleanSupplier stopping) {
        consumer.subscribe(settings.inputs(), new Rebalance());
        while (!stopping.getAsBoolean()) {
            try {
                turn();
            } catch (TransactionException.Abortable e) {
                abort(e);
            }
        }
        try {
            settle(tasks.values());
            committer.commit(tasks.values());
        } catch (TransactionException.Abortable e) {
            abort(e);
        }
    }

    private void turn() {
        long asked = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(pollTimeout());
        // With records known to be there, the poll was work, not waiting.
        long started = behind ? asked : System.nanoTime();
        rethrowFromCallback();
        process(records);
        follow(!records.isEmpty());
        locate();
        restore();
        work();
        if (ticker.tick(tasks.values(), collector)) {
            tasks.values().forEach(AssignedTask::wrote);
        }
        if (moreWork || committer.due() || clients.transaction().large()) {
            committer.commit(tasks.values());
        }
        clients.changelog().ifPresent(changelog -> trimmer.trim(clock.millis(), changelog, tasks.values()));
        report(System.nanoTime() - started);
    }

    private Duration pollTimeout() {
        if (moreWork
                || clients.changelog().map(Changelog::restoring).orElse(false)
                || clients.standbys().map(Standbys::behind).orElse(false)) {
            return Duration.ZERO;
        }
        long wait = Math.min(LONGEST_POLL.toMillis(), Math.min(committer.untilDue(), ticker.untilDue()));
        return Duration.ofMillis(Math.max(0, wait));
    }

    private void process(ConsumerRecords<byte[], byte[]> records) {
        long started = System.nanoTime();
        commitInPollAt = clock.millis() + settings.pipeline().commitInterval().toMillis();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> next :
                records.nextOffsets().entrySet()) {
            AssignedTask task = tasks.get(next.getKey());
            if (task == null || !task.running()) {
                throw new IllegalStateException("records of " + next.getKey() + ", which is not running here");
            }
            if (process(task, records.records(next.getKey()))) {
                task.advanceTo(next.getValue().offset(), next.getValue().leaderEpoch());
            }
        }
        if (!records.isEmpty()) {
            metrics.processed(System.nanoTime() - started);
        }
    }

    /** Returns whether all records were handled; if not, the partition rests and the record comes again. */
    private boolean process(AssignedTask task, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (ClosingRecord.is(record)) {
                continue;
            }
            int before = collector.sent();
            try {
                task.task().process(record, collector);
                noteSent(task, before);
                if (clients.transaction().large() || clock.millis() >= commitInPollAt) {
                    commitInPollAt = Long.MAX_VALUE;
                    task.advanceTo(record.offset() + 1, record.leaderEpoch());
                    committer.commit(tasks.values());
                }
            } catch (NotReadyException e) {
                if (!task.waits()) {
                    log.warn("{} waits at offset {}: {}", task.input(), record.offset(), e.getMessage());
                }
                task.advanceTo(record.offset(), record.leaderEpoch());
                metrics.task(task.input()).waitingFor(record.timestamp());
                task.retryAt(clock.millis() + RETRY_MS);
                consumer.seek(task.input(), record.offset());
                consumer.pause(List.of(task.input()));
                return false;
            }
        }
        if (records.isEmpty()) {
            return true;
        }
        metrics.task(task.input()).processed(records.get(records.size() - 1).timestamp());
        if (task.waits()) {
            log.info("{} goes on", task.input());
            task.retryAt(0);
        }
        return true;
    }

    /** Finds out where newly assigned partitions begin, and those whose restore starts over; waits, without blocking the others, while that is unstable. */
    private void locate() {
        List<AssignedTask> assigned = in(AssignedTask.Phase.ASSIGNED);
        if (assigned.isEmpty()) {
            return;
        }
        Set<TopicPartition> inputs = assigned.stream().map(AssignedTask::input).collect(Collectors.toSet());
        clients.goneOwners().fence(inputs);
        Map<TopicPartition, OffsetAndMetadata> committed;
        try {
            committed = consumer.committed(inputs, COMMITTED_TIMEOUT);
        } catch (TimeoutException e) {
            if (!locating) {
                log.info(
                        "Waiting for the committed offsets of {} partitions: a transaction of their former owner is still"
                                + " open, or Kafka is away",
                        assigned.size());
            }
            locating = true;
            return;
        }
        locating = false;
        clients.changelog().ifPresent(changelog -> changelog.openAhead(assigned));
        for (AssignedTask task : assigned) {
            OffsetAndMetadata offset = committed.get(task.input());
            if (offset == null) {
                offset = clients.firstOffsets().of(task.input());
            }
            task.restoring(offset, metadata(task.input(), offset));
            clients.changelog().ifPresentOrElse(changelog -> changelog.begin(task), () -> start(task));
        }
    }

    private CommitMetadata metadata(TopicPartition input, OffsetAndMetadata offset) {
        try {
            return CommitMetadata.parse(offset.metadata());
        } catch (IllegalArgumentException e) {
            throw new ContainerExitException(
                    ExitReason.REFUSED,
                    "the committed offset " + offset.offset() + " of " + input + " in group " + settings.group()
                            + " carries metadata that adpipe did not write: " + e.getMessage(),
                    e);
        }
    }

    private void restore() {
        clients.changelog().ifPresent(changelog -> changelog.step().forEach(this::start));
    }

    /**
     * Reads on in the copies of others' tasks, and asks for one that is to move here when it is warm. Before
     * {@link #locate}, since a copy of what has just been assigned is handed over to the task.
     */
    private void follow(boolean busy) {
        clients.standbys().ifPresent(standbys -> {
            if (standbys.step(p -> tasks.keySet().stream().anyMatch(input -> input.partition() == p), busy)) {
                consumer.enforceRebalance("a copy is warm whose partition is to move here");
            }
        });
    }

    private void start(AssignedTask task) {
        task.run(job, clock);
        metrics.task(task.input()).opened(task);
        consumer.seek(task.input(), task.position());
        consumer.resume(List.of(task.input()));
    }

    private void work() {
        moreWork = false;
        long now = clock.millis();
        for (AssignedTask task : in(AssignedTask.Phase.RUNNING)) {
            if (task.retryDue(now) && !task.pausedAsFull()) {
                consumer.resume(List.of(task.input()));
            }
            moreWork |= work(task);
            pauseWhileFull(task);
        }
    }

    private boolean work(AssignedTask task) {
        int before = collector.sent();
        boolean more = task.task().work(collector);
        noteSent(task, before);
        return more;
    }

    private void noteSent(AssignedTask task, int before) {
        if (collector.sent() != before) {
            task.wrote();
        }
    }

    /** Polling goes on, or the group would take the partitions away. */
    private void pauseWhileFull(AssignedTask task) {
        boolean full = task.task().full();
        if (full == task.pausedAsFull()) {
            return;
        }
        task.pausedAsFull(full);
        if (full) {
            consumer.pause(List.of(task.input()));
        } else if (!task.waits()) {
            consumer.resume(List.of(task.input()));
        }
    }

    /**
     * Before tasks are given up: waits a little for what they are waiting for, since whoever goes on would do it again. It is
     * bounded, as nobody polls meanwhile.
     */
    private void settle(Collection<AssignedTask> leaving) {
        long giveUp = System.nanoTime() + LONGEST_SETTLE.toNanos();
        while (leaving.stream().anyMatch(AssignedTask::unsettled) && System.nanoTime() < giveUp) {
            clients.outage().pause(SETTLE_LOOK_MS);
            leaving.stream().filter(AssignedTask::running).forEach(this::work);
        }
    }

    private void abort(RuntimeException cause) {
        log.warn(
                "Transaction of {} aborted, going back to the committed offsets: {}",
                settings.id(),
                rootMessage(cause));
        metrics.aborted();
        clients.transaction().abort();
        moreWork = false;
        for (AssignedTask task : in(AssignedTask.Phase.RUNNING)) {
            task.rollback(job, clock);
            consumer.seek(task.input(), task.position());
            consumer.resume(List.of(task.input()));
        }
        committer.restart();
    }

    private List<AssignedTask> in(AssignedTask.Phase phase) {
        List<AssignedTask> found = new ArrayList<>(tasks.size());
        for (AssignedTask task : tasks.values()) {
            if (task.phase() == phase) {
                found.add(task);
            }
        }
        return found;
    }

    private void report(long busyNanos) {
        health.turned();
        whyNotReady().ifPresentOrElse(health::notReady, health::ready);
        metrics.turned(busyNanos, tasks.size(), in(AssignedTask.Phase.RUNNING).size());
        behind = false;
        List<AssignedTask> resting = new ArrayList<>();
        for (AssignedTask task : tasks.values()) {
            if (task.running() && !task.waits()) {
                OptionalLong lag = consumer.currentLag(task.input());
                behind |= lag.orElse(0) > 0;
                metrics.task(task.input()).backlog(lag);
            } else if (task.phase() != AssignedTask.Phase.ASSIGNED) {
                resting.add(task);
            }
        }
        ends.ask(resting.stream().map(AssignedTask::input).toList());
        for (AssignedTask task : resting) {
            OptionalLong end = ends.of(task.input());
            metrics.task(task.input())
                    .backlog(end.isEmpty() ? end : OptionalLong.of(Math.max(0, end.getAsLong() - task.position())));
        }
    }

    private Optional<String> whyNotReady() {
        if (!inGroup) {
            return Optional.of("not yet in the group " + settings.group());
        }
        List<TopicPartition> resting = tasks.values().stream()
                .filter(task -> !task.running())
                .map(AssignedTask::input)
                .toList();
        return resting.isEmpty() ? job.whyNotReady() : Optional.of("restoring " + resting);
    }

    private void rethrowFromCallback() {
        if (failedInCallback != null) {
            RuntimeException failed = failedInCallback;
            failedInCallback = null;
            throw failed;
        }
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private void closeTask(TopicPartition partition) {
        AssignedTask task = tasks.remove(partition);
        metrics.forget(partition);
        if (task != null) {
            clients.changelog().ifPresent(changelog -> changelog.forget(task));
            task.close();
        }
    }

    /** Local state is at the last commit; nothing else is written. */
    @Override
    public void close() {
        health.notReady("between two sessions");
        List.copyOf(tasks.keySet()).forEach(this::closeTask);
        clients.close();
    }

    /** Exceptions must not leave a callback: poll would wrap them beyond recognition. */
    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            inGroup = true;
            closeStoresUnless(partitions);
            if (partitions.isEmpty()) {
                return;
            }
            metrics.rebalanced();
            log.info("{} was assigned {}", settings.id(), partitions);
            clients.goneOwners().assigned();
            consumer.pause(partitions);
            for (TopicPartition partition : partitions) {
                tasks.put(partition, new AssignedTask(partition, settings.id()));
                // Gives the consumer a position, so that it does not look for one by itself. It is paused and sought
                // to the right one before it reads anything.
                consumer.seek(partition, 0);
            }
        }

        /** What was opened ahead and is others' now. Where there are standbys, these say what is wanted. */
        private void closeStoresUnless(Collection<TopicPartition> assigned) {
            if (clients.standbys().isEmpty()) {
                Set<Integer> wanted =
                        assigned.stream().map(TopicPartition::partition).collect(Collectors.toSet());
                clients.changelog().ifPresent(changelog -> changelog.closeStoresUnless(wanted::contains));
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (partitions.isEmpty()) {
                return;
            }
            metrics.rebalanced();
            log.info("{} gives up {}", settings.id(), partitions);
            try {
                settle(partitions.stream()
                        .map(tasks::get)
                        .filter(Objects::nonNull)
                        .toList());
                committer.commit(tasks.values());
            } catch (TransactionException.Abortable e) {
                partitions.forEach(ContainerSession.this::closeTask);
                abortInCallback(e);
            } catch (RuntimeException e) {
                failedInCallback = e;
            }
            partitions.forEach(ContainerSession.this::closeTask);
        }

        /** They are another one's already: nothing may be written for them. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            metrics.rebalanced();
            log.warn("{} lost {} to another container", settings.id(), partitions);
            partitions.forEach(ContainerSession.this::closeTask);
            abortInCallback(new IllegalStateException("partitions lost"));
        }

        private void abortInCallback(RuntimeException cause) {
            try {
                abort(cause);
            } catch (RuntimeException e) {
                failedInCallback = e;
            }
        }
    }
}
