package dev.adpipe.local.guarantee;

import dev.adpipe.schemas.definition.InvalidDefinitionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * How long it takes from {@code kill -9} of the join to the first new joined record, by what its state holds: started again
 * with its local state intact, with it lost, and not started again while a standby is there.
 */
final class RecoveryMeasure {
    private static final Duration PATIENCE = Duration.ofMinutes(60);
    private static final Duration BETWEEN = Duration.ofSeconds(5);
    private static final int TIMES = 3;
    private static final String LINE = "%-12s %-28s %14s %16s   %s%n";

    private final PrintWriter out;

    RecoveryMeasure(PrintWriter out) {
        this.out = out;
    }

    void run(List<Long> sizes) {
        out.printf(Locale.ROOT, LINE, "live events", "kill -9 of the join", "first record", "every partition", "");
        for (long size : sizes) {
            measure(size);
        }
    }

    private void measure(long size) {
        try (Theatre theatre = theatre(0)) {
            theatre.startJobs();
            try (Fill fill = new Fill(theatre.kafka().bootstrap(), size);
                    TopicWatch joined = new TopicWatch(
                            theatre.kafka(), theatre.pipeline().topics().joined())) {
                double rate = awaitFilled(theatre, size);
                for (int n = 0; n < TIMES; n++) {
                    kill(theatre, joined, size, "intact disk", false, -1);
                }
                for (int n = 0; n < (size > 1_000_000 ? 1 : TIMES); n++) {
                    kill(theatre, joined, size, "lost disk", true, rate);
                }
            }
            theatre.clear();
        }
        standby(size);
    }

    private void standby(long size) {
        Theatre theatre;
        try {
            theatre = theatre(1);
        } catch (InvalidDefinitionException e) {
            line(size, "standby", "-", "-", "this version has no join.standbys");
            return;
        }
        try (theatre) {
            theatre.startJobs();
            JobProcess second = theatre.ground(new Random(size)).second("join");
            try (Fill fill = new Fill(theatre.kafka().bootstrap(), size);
                    TopicWatch joined = new TopicWatch(
                            theatre.kafka(), theatre.pipeline().topics().joined())) {
                awaitFilled(theatre, size);
                for (int n = 0; n < TIMES; n++) {
                    // The one that was killed comes back as the other's standby, and gets time to be warm.
                    Wait.millis(Math.max(20_000, size / 50));
                    JobProcess victim = n % 2 == 0 ? theatre.jobs().first("join") : second;
                    long killed = System.currentTimeMillis();
                    victim.kill();
                    measured(theatre, joined, size, "standby, " + victim.name() + " gone", killed, -1);
                    victim.start();
                }
            }
            theatre.clear();
        }
    }

    private static Theatre theatre(int standbys) {
        return new Theatre(Optional.empty(), 1, ProofPipeline.Times.longLives(standbys), Theatre.Heaps.FULL, Map.of());
    }

    /** Events per second that the join has taken meanwhile. */
    private double awaitFilled(Theatre theatre, long size) {
        String group = theatre.pipeline().topics().group("join");
        long started = System.nanoTime();
        Wait.until(
                "the join holds " + size + " events",
                PATIENCE,
                () -> theatre.kafka().books(group).emitted() >= size);
        double rate = size / ((System.nanoTime() - started) / 1e9);
        out.printf(Locale.ROOT, "%,d events joined, %,.0f/s in all, shuffle and output beside it%n", size, rate);
        Wait.millis(BETWEEN.toMillis());
        return rate;
    }

    private void kill(Theatre theatre, TopicWatch joined, long size, String what, boolean lose, double rate) {
        JobProcess join = theatre.jobs().first("join");
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
        measured(theatre, joined, size, what, killed, rate);
    }

    private void measured(Theatre theatre, TopicWatch joined, long size, String what, long killed, double rate) {
        int partitions = theatre.pipeline().direct().shuffle().partitions();
        long first = joined.firstAfter(killed, PATIENCE).orElseThrow() - killed;
        long all = joined.allAfter(killed, partitions, PATIENCE).orElseThrow() - killed;
        String note = rate < 0
                ? ""
                : String.format(
                        Locale.ROOT, "%,.0f/s, %.1f times the rate above", size * 1e3 / all, size * 1e3 / all / rate);
        line(size, what, Report.seconds(first), Report.seconds(all), note);
        Wait.millis(BETWEEN.toMillis());
    }

    private void line(long size, String what, String first, String all, String note) {
        List<Object> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%,d", size), what, first, all, note));
        out.printf(Locale.ROOT, LINE, cells.toArray());
        out.flush();
    }
}
