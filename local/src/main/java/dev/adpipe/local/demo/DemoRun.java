package dev.adpipe.local.demo;

import dev.adpipe.local.Drain;
import dev.adpipe.local.PipelineRun;
import dev.adpipe.local.PipelineStage;
import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StatusReader;
import dev.adpipe.local.demo.Demo.Settings;
import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.local.demo.Reconciliation.Check;
import dev.adpipe.local.monitor.Monitor;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One run over a pipeline that is provisioned and whose jobs are running. Used by one thread. */
final class DemoRun implements AutoCloseable {
    private static final long LOOK_EVERY = 1_000;
    private static final int LINE_EVERY = 5;
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);
    /** It may not even be up, if the demo was short. */
    private static final Duration DRUID_PATIENCE = Duration.ofMinutes(4);

    private final PipelineDefinition definition;
    private final Settings settings;
    private final DemoFiles files;
    private final Optional<DemoDruid> druid;
    private final PrintWriter out;
    private final Clock clock = Clock.SYSTEM;
    private final RawTraffic traffic;
    private final WatermarkStart watermark;
    private final TopicReader topics;
    private final StatusReader status;
    private final StageRates rates;
    private final Screen screen;
    private final Monitor monitor;
    private int looks;

    DemoRun(
            PipelineDefinition definition,
            Settings settings,
            DemoFiles files,
            Clients clients,
            Optional<DemoDruid> druid,
            PrintWriter out) {
        this.definition = definition;
        this.settings = settings;
        this.files = files;
        this.druid = druid;
        this.out = out;
        this.screen = new Screen(out);
        Topics names = definition.topics();
        int partitions = definition.shuffle().partitions();
        List<String> raw = definition.rawTopics();
        long start = clock.millis();
        this.rates = new StageRates(start);
        this.status = StatusReader.open(definition);
        this.topics = new TopicReader(clients.consumer(), names, partitions);
        this.watermark = new WatermarkStart(
                clients.consumer(),
                names.shuffled(),
                partitions,
                new TickWatch(start, raw.size() * Demo.RAW_PARTITIONS, partitions));
        this.traffic = new RawTraffic(
                settings.scenario(),
                settings.seed(),
                settings.rate(),
                definition.streams().stream()
                        .collect(Collectors.toMap(
                                StreamDefinition::name,
                                stream ->
                                        new RawTraffic.RawTopic(stream.topics().get(0), Demo.RAW_PARTITIONS))),
                clients.producer(),
                clock,
                watermark);
        this.monitor = Monitor.start(List.of(definition), 0, Duration.ofSeconds(2));
        out.println("the pipeline as a picture: " + monitor.url());
    }

    /**
     * Makes traffic until told to stop, then drains, stops the jobs and reckons.
     *
     * @return whether the books balance
     */
    boolean toTheEnd(CountDownLatch stopping, PipelineRun jobs) throws InterruptedException {
        traffic.start();
        long end = settings.duration().map(d -> clock.millis() + d.toMillis()).orElse(Long.MAX_VALUE);
        while (clock.millis() < end) {
            long pause = Math.min(LOOK_EVERY, end - clock.millis());
            if (stopping.await(Math.max(0, pause), TimeUnit.MILLISECONDS)) {
                break;
            }
            jobs.requireAlive();
            druid.ifPresent(DemoDruid::requireAlive);
            look("adpipe demo");
        }
        Expected expected = traffic.stop();
        drain(jobs);
        jobs.stop();
        jobs.requireAlive();
        Outcome outcome = outcome();
        List<Check> checks = Reconciliation.of(expected, outcome);
        out.println();
        Report.lines(expected, outcome, checks, settings.scenario().columns()).forEach(out::println);
        if (traffic.slowestAck() > Generator.MARGIN) {
            out.println("note: a raw record took " + traffic.slowestAck() + " ms to be written; beyond "
                    + Generator.MARGIN + " ms what becomes of an event is not certain");
        }
        out.flush();
        return Report.balances(checks);
    }

    @Override
    public void close() {
        monitor.close();
        traffic.close();
        watermark.close();
        topics.close();
        status.close();
    }

    private void drain(PipelineRun jobs) throws InterruptedException {
        if (!settings.redraw()) {
            out.println("no new events any more; waiting until every stage has done its work");
        }
        long deadline = clock.millis() + DRAIN_PATIENCE.toMillis();
        for (PipelineStage stage : PipelineStage.values()) {
            String name = stage.name().toLowerCase(Locale.ROOT);
            try (Drain drain = status.drain(stage)) {
                if (!drained(drain, jobs, "adpipe demo, draining " + name, deadline)) {
                    out.println(
                            name + " was not done " + DRAIN_PATIENCE.toSeconds() + " s after the last event was made");
                    return;
                }
            }
        }
        look("adpipe demo, drained");
    }

    private boolean drained(Drain drain, PipelineRun jobs, String title, long deadline) throws InterruptedException {
        long nextLook = 0;
        while (!drain.isDone()) {
            jobs.requireAlive();
            if (clock.millis() >= deadline) {
                return false;
            }
            if (clock.millis() >= nextLook) {
                look(title);
                nextLook = clock.millis() + LOOK_EVERY;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return true;
    }

    private Outcome outcome() throws InterruptedException {
        Topics names = definition.topics();
        long raw = status.ends(definition.rawTopics()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        List<StageStatus> stages = status.read();
        TopicCounts counts = topics.finish(
                status.ends(List.of(names.rows(), names.unmatched(), names.deadLetter())), Duration.ofSeconds(30));
        return new Outcome(
                raw,
                stages.get(0).books(),
                stages.get(1).books(),
                stages.get(2).books(),
                counts,
                druid.isPresent() ? Optional.of(druidSums(druid.get(), counts)) : Optional.empty());
    }

    private Map<String, Sums> druidSums(DemoDruid there, TopicCounts counts) throws InterruptedException {
        if (!settings.redraw()) {
            out.println("waiting until Druid has all rows");
            out.flush();
        }
        return there.awaitSums(counts.campaigns(), DRUID_PATIENCE);
    }

    private List<String> screen(String title, long seconds, long now) {
        List<String> lines = new ArrayList<>(View.screen(
                title,
                seconds,
                traffic.made(),
                rates.lines(now, status.read()),
                druid.map(d ->
                        View.caption(d.isReady(), d.campaigns(), topics.counts().rows())),
                campaigns(),
                settings.scenario().columns()));
        lines.add("");
        druid.filter(DemoDruid::isReady).ifPresent(d -> {
            lines.add("ask Druid yourself, any SQL, for example");
            lines.addAll(d.curl());
            lines.add("");
        });
        lines.add("the pipeline as a picture: " + monitor.url());
        lines.add("Ctrl-C drains, stops and prints the books");
        lines.add("any command takes " + definition.source());
        lines.add("logs are in " + files.log());
        return lines;
    }

    /** From Druid as soon as it has any. */
    private Map<String, Sums> campaigns() {
        return druid.map(DemoDruid::campaigns)
                .filter(sums -> !sums.isEmpty())
                .orElseGet(() -> topics.counts().campaigns());
    }

    private void look(String title) {
        long now = clock.millis();
        long seconds = (now - traffic.startMillis()) / 1_000;
        if (settings.redraw()) {
            screen.draw(screen(title, seconds, now));
        } else if (looks++ % LINE_EVERY == 0) {
            out.println(View.line(
                    seconds,
                    traffic.made(),
                    rates.lines(now, status.read()),
                    campaigns(),
                    settings.scenario().columns()));
            out.flush();
        }
    }
}
