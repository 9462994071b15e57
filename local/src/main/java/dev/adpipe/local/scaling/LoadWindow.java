package dev.adpipe.local.scaling;

import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StageStatus.PartitionBacklog;
import dev.adpipe.local.scaling.StageLoad.PartitionLoad;
import dev.adpipe.local.scaling.StageLoad.Work;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * One stage over the last minute, from looks at Kafka and at its containers. What was done is told by Kafka, the time for it by
 * the containers; so only the time between two looks counts at which <i>every</i> partition was run by a container that
 * answered: a container that restores is busy and gets nothing done, and one that does not answer hides its time.
 *
 * <p>Used by one thread.
 */
final class LoadWindow {
    /** Ours: some hundred commits and several polls of a full container, and a spike is all of it after a minute. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    /** Less is not believed. */
    static final Duration ENOUGH = Duration.ofSeconds(20);

    private record Look(long at, StageStatus status, Map<String, ContainerSample> containers) {
        boolean whole() {
            int partitions = status.partitions().size() + status.withoutOffset();
            return !status.partitions().isEmpty() && running() == partitions;
        }

        int running() {
            return containers.values().stream()
                    .mapToInt(ContainerSample::running)
                    .sum();
        }

        /** Some of its containers did not answer then, and no others did: totals go on, so the time between can be bridged. */
        boolean unanswered(Look later) {
            return containers.size() > later.containers.size()
                    && containers.keySet().containsAll(later.containers.keySet());
        }

        double millis(Look later) {
            return later.at - at;
        }
    }

    private final int least;
    private final boolean served;
    private final Deque<Look> looks = new ArrayDeque<>();

    /**
     * @param least  fewest containers that the stage may have
     * @param served whether its containers have a port for their metrics
     */
    LoadWindow(int least, boolean served) {
        this.least = least;
        this.served = served;
    }

    /**
     * @param now        milliseconds
     * @param containers of all stages; those of others are left out
     */
    void add(long now, StageStatus status, Collection<ContainerSample> containers) {
        Map<String, ContainerSample> ours = new HashMap<>();
        containers.stream()
                .filter(sample -> sample.stage().equals(status.stage()))
                .forEach(sample -> ours.put(sample.container(), sample));
        looks.addLast(new Look(now, status, ours));
        while (now - looks.getFirst().at() > WINDOW.toMillis()) {
            looks.removeFirst();
        }
    }

    /**
     * @throws java.util.NoSuchElementException before the first look
     */
    StageLoad load() {
        Look last = looks.getLast();
        Optional<Work> work = work();
        return new StageLoad(
                last.status().stage(),
                last.status().members().size(),
                least,
                partitions(),
                last.status().backlogTime().toMillis() / 1e3,
                work.filter(w -> last.whole() && w.seconds() >= ENOUGH.toSeconds()),
                whyNoWork(last, work.map(Work::seconds).orElse(0.0)));
    }

    /** Arrived is what was committed and what waits; both ends of the window must know the partition. */
    private List<PartitionLoad> partitions() {
        Look first = looks.getFirst();
        Look last = looks.getLast();
        Map<TopicPartition, Long> before = new HashMap<>();
        first.status().partitions().forEach(p -> before.put(p.partition(), p.committed() + p.records()));
        List<PartitionLoad> all = new ArrayList<>();
        for (PartitionBacklog p : last.status().partitions()) {
            long now = p.committed() + p.records();
            double arrived = now - before.getOrDefault(p.partition(), now);
            double seconds = Math.max(1, first.millis(last)) / 1e3;
            all.add(new PartitionLoad(p.partition().toString(), Math.max(0, arrived) / seconds, p.records()));
        }
        return all;
    }

    private Optional<Work> work() {
        double millis = 0;
        double done = 0;
        double busy = 0;
        double commits = 0;
        Look before = null;
        for (Look look : looks) {
            if (before != null && comparable(before, look)) {
                millis += before.millis(look);
                done += look.status().committed() - before.status().committed();
                for (ContainerSample sample : look.containers().values()) {
                    ContainerSample earlier = before.containers().get(sample.container());
                    busy += sample.busySeconds() - earlier.busySeconds();
                    commits += sample.commitSeconds() - earlier.commitSeconds();
                }
            }
            if (look.whole()) {
                before = look;
            } else if (before != null && !before.unanswered(look)) {
                before = null;
            }
        }
        double busiest = looks.getLast().containers().values().stream()
                .mapToDouble(ContainerSample::utilization)
                .max()
                .orElse(0);
        return millis == 0 ? Optional.empty() : Optional.of(new Work(millis / 1e3, done, busy, commits, busiest));
    }

    /** A total that has fallen is a new process's; offsets that have fallen were set back. */
    private static boolean comparable(Look before, Look look) {
        return look.whole()
                && before.containers().keySet().equals(look.containers().keySet())
                && before.status().committed() <= look.status().committed()
                && look.containers().values().stream()
                        .allMatch(sample ->
                                before.containers().get(sample.container()).busySeconds() <= sample.busySeconds());
    }

    private String whyNoWork(Look last, double seconds) {
        int partitions = last.status().partitions().size() + last.status().withoutOffset();
        if (!served) {
            return "the definition's runtime.metrics-port is 0, so the containers cannot be asked how busy they are";
        }
        if (last.status().members().isEmpty()) {
            return "nobody is in the group, so there is nothing to measure";
        }
        if (last.containers().isEmpty()) {
            return "no container answers at the definition's runtime.metrics-port";
        }
        if (!last.whole()) {
            return "the containers that answer run " + last.running() + " of " + partitions
                    + " partitions; the others are being restored or handed over, or their container does not answer";
        }
        return "measured for " + Recommendation.text(seconds) + " s with all partitions running; " + ENOUGH.toSeconds()
                + " s are needed";
    }
}
