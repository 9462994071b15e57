package dev.adpipe.local.demo;

import dev.adpipe.local.StatusReader;
import dev.adpipe.local.demo.Demo.Settings;
import dev.adpipe.local.demo.Reconciliation.Check;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** One run over a pipeline that is provisioned and whose jobs are running. Used by one thread. */
final class DemoRun implements AutoCloseable {
    private static final long LOOK_EVERY = 1_000;
    private static final int LINE_EVERY = 5;
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(60);

    private final PipelineDefinition definition;
    private final Settings settings;
    private final Admin admin;
    private final PrintWriter out;
    private final Clock clock = Clock.SYSTEM;
    private final RawTraffic traffic;
    private final WatermarkStart watermark;
    private final TopicReader topics;
    private final StatusReader status;
    private final StageRates rates;
    private final Screen screen;
    private int looks;

    DemoRun(PipelineDefinition definition, Settings settings, Clients clients, Admin admin, PrintWriter out) {
        this.definition = definition;
        this.settings = settings;
        this.admin = admin;
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
                settings.seed(),
                settings.rate(),
                new RawTraffic.RawTopics(raw.get(0), raw.get(1), Demo.RAW_PARTITIONS),
                clients.producer(),
                clock,
                watermark);
    }

    /**
     * Makes traffic until told to stop, then drains, stops the jobs and reckons.
     *
     * @return whether the books balance
     */
    boolean toTheEnd(CountDownLatch stopping, DemoJobs jobs) throws InterruptedException {
        traffic.start();
        long end = settings.duration().map(d -> clock.millis() + d.toMillis()).orElse(Long.MAX_VALUE);
        while (clock.millis() < end) {
            long pause = Math.min(LOOK_EVERY, end - clock.millis());
            if (stopping.await(Math.max(0, pause), TimeUnit.MILLISECONDS)) {
                break;
            }
            jobs.check();
            look("adpipe demo");
        }
        Expected expected = traffic.stop();
        drain(jobs);
        jobs.stop();
        Outcome outcome = outcome();
        List<Check> checks = Reconciliation.of(expected, outcome);
        out.println();
        Report.lines(expected, outcome, checks).forEach(out::println);
        if (traffic.slowestAck() > Generator.MARGIN) {
            out.println("note: a raw record took " + traffic.slowestAck() + " ms to be written; beyond "
                    + Generator.MARGIN + " ms what becomes of an event is not certain");
        }
        out.flush();
        return Report.balances(checks);
    }

    @Override
    public void close() {
        traffic.close();
        watermark.close();
        topics.close();
        status.close();
    }

    private void drain(DemoJobs jobs) throws InterruptedException {
        if (!settings.redraw()) {
            out.println("no new events any more; waiting until every stage has done its work");
        }
        Drain drain = new Drain(definition, Demo.RAW_PARTITIONS, admin);
        long deadline = clock.millis() + DRAIN_PATIENCE.toMillis();
        long nextLook = 0;
        Optional<String> waitingFor = drain.waitingFor();
        while (waitingFor.isPresent() && clock.millis() < deadline) {
            TimeUnit.MILLISECONDS.sleep(100);
            jobs.check();
            if (clock.millis() >= nextLook) {
                look("adpipe demo, draining " + waitingFor.get());
                nextLook = clock.millis() + LOOK_EVERY;
            }
            waitingFor = drain.waitingFor();
        }
        look("adpipe demo, drained");
        waitingFor.ifPresent(stage -> out.println(
                stage + " was not done " + DRAIN_PATIENCE.toSeconds() + " s after the last event was made"));
    }

    private Outcome outcome() {
        Topics names = definition.topics();
        long raw =
                StageOffsets.ends(admin, Drain.partitions(definition.rawTopics(), Demo.RAW_PARTITIONS))
                        .values()
                        .stream()
                        .mapToLong(Long::longValue)
                        .sum();
        return new Outcome(
                raw,
                StageOffsets.of(admin, names.group("shuffle")).books(),
                StageOffsets.of(admin, names.group("join")).books(),
                StageOffsets.of(admin, names.group("output")).books(),
                topics.finish(Duration.ofSeconds(30)));
    }

    private void look(String title) {
        long now = clock.millis();
        long seconds = (now - traffic.startMillis()) / 1_000;
        if (settings.redraw()) {
            screen.draw(View.screen(title, seconds, traffic.made(), rates.lines(now, status.read()), topics.counts()));
        } else if (looks++ % LINE_EVERY == 0) {
            out.println(View.line(seconds, traffic.made(), rates.lines(now, status.read()), topics.counts()));
            out.flush();
        }
    }
}
