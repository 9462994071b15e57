package dev.adpipe.local.guarantee;

import dev.adpipe.local.Drain;
import dev.adpipe.local.PipelineStage;
import dev.adpipe.local.StatusReader;
import dev.adpipe.schemas.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A guarantee run from its start to its end: load, faults, and the comparison. By one thread, once. */
final class GuaranteeRun {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHORTEST_PAUSE_MS = 300;

    private final RunSettings settings;
    private final PrintWriter out;
    private final Random random;
    private final List<Strike> strikes = new ArrayList<>();
    private final List<String> notDone = new ArrayList<>();

    private record Watches(TopicWatch joined, TopicWatch rows) {}

    GuaranteeRun(RunSettings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
        this.random = new Random(settings.seed());
    }

    /**
     * @throws RuntimeException if it could not be done to its end; the folder, with all logs, stays then
     */
    Report run() {
        say("seed " + settings.seed() + ", " + settings.brokers() + " broker" + (settings.brokers() == 1 ? "" : "s"));
        Theatre theatre = new Theatre(
                settings.dir(), settings.brokers(), settings.times(), Theatre.Heaps.SMALL, settings.mains());
        boolean good = false;
        try {
            say("folder " + theatre.dir());
            Report report = run(theatre);
            good = report.good();
            return report;
        } finally {
            if (good) {
                theatre.clear();
            } else {
                theatre.close();
                say("the folder " + theatre.dir() + " stays, with all logs and Kafka's data");
            }
        }
    }

    private Report run(Theatre theatre) {
        Topics topics = theatre.pipeline().topics();
        theatre.startJobs();
        Instant started = Instant.now();
        Load load = new Load(theatre.kafka().bootstrap(), settings.seed(), settings.times(), settings.rate());
        try (TopicWatch joined = new TopicWatch(theatre.kafka(), topics.joined());
                TopicWatch rows = new TopicWatch(theatre.kafka(), topics.rows())) {
            Watches watches = new Watches(joined, rows);
            if (rows.firstAfter(0, PATIENCE).isEmpty()) {
                throw new IllegalStateException("no row came within " + PATIENCE.toSeconds() + " s of the start");
            }
            faults(theatre, watches, load);
        }
        Instant stopped = Instant.now();
        settle(theatre, load);
        notDone.addAll(theatre.jobs().terminateAll());
        Verdict verdict = new Checker(theatre.kafka(), theatre.pipeline(), settings.times()).check();
        notDone.forEach(what -> verdict.findings().add("not done", what));
        return new Report(
                settings.seed(), started, stopped, strikes, theatre.jobs().restarts(), load.stops(), verdict);
    }

    private void faults(Theatre theatre, Watches watches, Load load) {
        Ground ground = theatre.ground(random);
        Faults.Cycle cycle = new Faults.Cycle(settings.faults(), random);
        List<Fault> kills = new ArrayList<>(settings.kills());
        long until = System.nanoTime() + settings.atLeast().toNanos();
        while (!kills.isEmpty() || System.nanoTime() < until) {
            Wait.millis(SHORTEST_PAUSE_MS
                    + random.nextInt(Math.toIntExact(settings.pause().toMillis())));
            // Both asked for: they take turns.
            boolean kill = !kills.isEmpty() && (settings.faults().isEmpty() || random.nextBoolean());
            if (kill) {
                strike(kills.remove(0), ground, watches);
            } else if (!settings.faults().isEmpty() && System.nanoTime() < until) {
                strike(cycle.next(), ground, watches);
            }
            load.requireAlive();
            requireJobs(theatre);
        }
    }

    private void strike(Fault fault, Ground ground, Watches watches) {
        Strike strike = new Strike(fault.name());
        strikes.add(strike);
        fault.strike(ground, strike);
        strike.recovered(
                watches.joined().firstAfter(strike.at(), PATIENCE),
                watches.rows().firstAfter(strike.at(), PATIENCE));
        say(Report.line(strike));
        if (!strike.recovered()) {
            throw new IllegalStateException("after " + fault.name() + " of " + strike.whom()
                    + " work did not go on within " + PATIENCE.toSeconds() + " s");
        }
    }

    private static void requireJobs(Theatre theatre) {
        theatre.jobs().failure().ifPresent(failure -> {
            throw new IllegalStateException(failure);
        });
    }

    /** Time goes on until everything is decided; then everything is drained. What does not come to its end is noted. */
    private void settle(Theatre theatre, Load load) {
        say("no more faults; waiting until everything is decided and drained");
        Topics topics = theatre.pipeline().topics();
        load.trickle();
        Wait.until("what was made is in Kafka", PATIENCE, load::onlyTrickleLeft);
        try (StatusReader status = StatusReader.open(theatre.pipeline().direct())) {
            drain(theatre, status, List.of(PipelineStage.SHUFFLE, PipelineStage.JOIN));
            check(
                    Wait.becomes(
                            PATIENCE,
                            () -> theatre.kafka().books(topics.group("join")).held() == 0),
                    "the join still holds events " + PATIENCE.toSeconds() + " s after the last that is undecided");
            load.finish(PATIENCE);
            drain(theatre, status, List.of(PipelineStage.values()));
        }
    }

    private void drain(Theatre theatre, StatusReader status, List<PipelineStage> stages) {
        for (PipelineStage stage : stages) {
            try (Drain drain = status.drain(stage)) {
                check(
                        Wait.becomes(PATIENCE, () -> {
                            requireJobs(theatre);
                            return drain.isDone();
                        }),
                        stage + " has not emptied its input within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private void check(boolean done, String otherwise) {
        if (!done) {
            notDone.add(otherwise);
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
