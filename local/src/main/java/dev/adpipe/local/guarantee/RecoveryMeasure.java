package dev.adpipe.local.guarantee;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * How long it takes from {@code kill -9} of the join to new joined records, by what its state holds: started again with its
 * local state intact, with it lost, and not started again while a standby is there. And how fast it restores, by its own log
 * and without the start of Java, beside how fast it joins: alone, its input being there already.
 */
final class RecoveryMeasure {
    private static final Duration PATIENCE = Duration.ofMinutes(60);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    /** Of joining; shorter, and what is measured is the start. */
    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /** Seldom: asking takes some of the two cores. */
    private static final long LOOK_MS = 500;

    private static final int TIMES = 3;
    private static final String LINE = "%-12s %-28s %10s %15s %13s %16s   %s%n";

    private final PrintWriter out;

    RecoveryMeasure(PrintWriter out) {
        this.out = out;
    }

    void run(List<Long> sizes) {
        out.printf(
                Locale.ROOT,
                LINE,
                "live events",
                "kill -9 of the join",
                "assigned",
                "state complete",
                "first record",
                "every partition",
                "");
        for (long size : sizes) {
            restarts(size);
            standby(size);
        }
    }

    private void restarts(long size) {
        try (Theatre theatre = theatre(0)) {
            theatre.startJob("shuffle");
            try (Fill fill = new Fill(theatre.kafka().bootstrap(), size);
                    TopicWatch joined = new TopicWatch(
                            theatre.kafka(), theatre.pipeline().topics().joined())) {
                awaitEvents(theatre, "shuffle", size);
                OptionalDouble rate = join(theatre, size);
                for (int n = 0; n < TIMES; n++) {
                    restart(theatre, joined, size, false, rate);
                }
                for (int n = 0; n < (size > 1_000_000 ? 1 : TIMES); n++) {
                    restart(theatre, joined, size, true, rate);
                }
            }
            theatre.clear();
        }
    }

    /** Starts the join, its input being complete. Returns events per second; empty if there were too few to tell. */
    private OptionalDouble join(Theatre theatre, long size) {
        String group = theatre.pipeline().topics().group("join");
        theatre.startJob("join");
        Wait.until(
                "the join is at work",
                PATIENCE,
                () -> theatre.kafka().books(group).in() > 0);
        long started = System.nanoTime();
        long before = theatre.kafka().books(group).in();
        awaitEvents(theatre, "join", size);
        double seconds = (System.nanoTime() - started) / 1e9;
        OptionalDouble rate = seconds * 1e3 < SHORTEST.toMillis()
                ? OptionalDouble.empty()
                : OptionalDouble.of((theatre.kafka().books(group).in() - before) / seconds);
        out.printf(
                Locale.ROOT,
                "%,d events joined, %s%n",
                size,
                rate.isPresent()
                        ? String.format(Locale.ROOT, "%,.0f/s, nothing but Kafka beside the join", rate.getAsDouble())
                        : "too few to tell a rate");
        out.flush();
        Wait.millis(BETWEEN.toMillis());
        return rate;
    }

    private void restart(Theatre theatre, TopicWatch joined, long size, boolean lose, OptionalDouble rate) {
        JobProcess join = theatre.jobs().first("join");
        JoinLog log = JoinLog.fromNow(join.log());
        long killed = System.currentTimeMillis();
        join.kill();
        if (lose) {
            try {
                StateFault.delete(theatre.pipeline().state());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        join.start();
        Set<Integer> all = allPartitions(theatre);
        TopicWatch.Span span = joined.after(killed, all, PATIENCE).orElseThrow();
        JoinLog.Restore restore = log.restore(all.size());
        line(
                size,
                lose ? "lost disk" : "intact disk",
                Report.seconds(log.assigned().orElseThrow() - killed),
                Report.seconds(restore.ended() - killed),
                Report.seconds(span.first() - killed),
                Report.seconds(span.last() - killed),
                lose ? restored(restore, rate) : "");
        Wait.millis(BETWEEN.toMillis());
    }

    private static String restored(JoinLog.Restore restore, OptionalDouble rate) {
        String text =
                String.format(Locale.ROOT, "%,d records restored, %,.0f/s", restore.offsets(), restore.perSecond());
        return rate.isEmpty()
                ? text
                : text
                        + String.format(
                                Locale.ROOT, ", %.1f times the join's rate", restore.perSecond() / rate.getAsDouble());
    }

    /** Only the partitions of the one that is killed count: the survivor goes on with its own. */
    private void standby(long size) {
        try (Theatre theatre = theatre(1)) {
            theatre.startJob("shuffle");
            theatre.startJob("join");
            JobProcess second = theatre.ground(new Random(size)).second("join");
            try (Fill fill = new Fill(theatre.kafka().bootstrap(), size);
                    TopicWatch joined = new TopicWatch(
                            theatre.kafka(), theatre.pipeline().topics().joined())) {
                awaitEvents(theatre, "join", size);
                for (int n = 0; n < TIMES; n++) {
                    // The one that was killed comes back as the other's standby, and gets time to be warm.
                    Wait.millis(Math.max(20_000, size / 50));
                    JobProcess victim = n % 2 == 0 ? theatre.jobs().first("join") : second;
                    Set<Integer> owned = owned(theatre, victim);
                    long killed = System.currentTimeMillis();
                    victim.kill();
                    TopicWatch.Span span = joined.after(killed, owned, PATIENCE).orElseThrow();
                    line(
                            size,
                            "standby, " + victim.name() + " gone",
                            "-",
                            "-",
                            Report.seconds(span.first() - killed),
                            Report.seconds(span.last() - killed),
                            owned.size() + " partitions were its own");
                    victim.start();
                }
            }
            theatre.clear();
        }
    }

    /** Waits until it has some. */
    private static Set<Integer> owned(Theatre theatre, JobProcess join) {
        Set<Integer> owned = new HashSet<>();
        try (Admin admin = theatre.kafka().admin()) {
            String group = theatre.pipeline().topics().group("join");
            Wait.until(join.name() + " owns partitions", PATIENCE, () -> {
                Kafka.answer(admin.describeConsumerGroups(List.of(group))
                                .describedGroups()
                                .get(group))
                        .members()
                        .stream()
                        .filter(member -> member.clientId().startsWith(group + "-" + join.instance() + "-"))
                        .map(RecoveryMeasure::partitions)
                        .forEach(owned::addAll);
                return !owned.isEmpty();
            });
        }
        return owned;
    }

    private static Set<Integer> partitions(MemberDescription member) {
        return member.assignment().topicPartitions().stream()
                .map(TopicPartition::partition)
                .collect(Collectors.toSet());
    }

    private static Set<Integer> allPartitions(Theatre theatre) {
        return IntStream.range(0, theatre.pipeline().direct().shuffle().partitions())
                .boxed()
                .collect(Collectors.toSet());
    }

    private static Theatre theatre(int standbys) {
        return new Theatre(Optional.empty(), 1, ProofPipeline.Times.longLives(standbys), Theatre.Heaps.FULL, Map.of());
    }

    private static void awaitEvents(Theatre theatre, String stage, long size) {
        String group = theatre.pipeline().topics().group(stage);
        if (!Wait.becomes(PATIENCE, LOOK_MS, () -> theatre.kafka().books(group).emitted() >= size)) {
            throw new IllegalStateException(
                    stage + " has not taken " + size + " events within " + PATIENCE.toMinutes() + " minutes");
        }
    }

    private void line(long size, String what, String assigned, String complete, String first, String all, String note) {
        out.printf(
                Locale.ROOT, LINE, String.format(Locale.ROOT, "%,d", size), what, assigned, complete, first, all, note);
        out.flush();
    }
}
