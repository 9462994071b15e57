package dev.adpipe.local.demo;

import dev.adpipe.local.CommandException;
import dev.adpipe.local.PipelineRun;
import dev.adpipe.local.PipelineStage;
import dev.adpipe.local.Provisioner;
import dev.adpipe.local.druid.server.DruidException;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;

/**
 * The demo from its start to its end: Kafka, Druid, the pipeline, traffic, a view of it, and the reckoning.
 *
 * <p>{@link #run} by one thread, once; {@link #stop} by any.
 */
final class Demo {
    static final int RAW_PARTITIONS = 4;

    private final Settings settings;
    private final PrintWriter out;
    private final CountDownLatch stopping = new CountDownLatch(1);

    /**
     * @param scenario what is shown
     * @param duration how long events are made; empty: until it is told to stop
     * @param rate     new things per second, see {@link Scenario#rate}
     * @param dir      an empty folder to work in; empty: a temporary one
     * @param redraw   whether the view is redrawn in place
     * @param druid    whether there is a Druid that takes the rows
     */
    record Settings(
            Scenario scenario,
            Optional<Duration> duration,
            int rate,
            long seed,
            Optional<Path> dir,
            boolean redraw,
            boolean druid) {}

    Demo(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** Ends the traffic; {@link #run} then drains, reckons and returns. */
    void stop() {
        stopping.countDown();
    }

    /**
     * @return whether the books balance
     * @throws RuntimeException if a job or the generator failed
     */
    boolean run() throws IOException, InterruptedException {
        DemoFiles files =
                settings.dir().isPresent() ? DemoFiles.in(settings.dir().get()) : DemoFiles.temporary();
        boolean balances = false;
        try (LogFile log = settings.redraw() ? new LogFile(files.log()) : null) {
            out.println("seed " + settings.seed() + ", folder " + files.dir()
                    + (log == null ? "" : ", logs in " + files.log()));
            // Druid takes the longest, and is followed only when all else runs.
            try (DemoDruid druid = settings.druid() ? startDruid(files) : null;
                    EmbeddedKafka kafka = EmbeddedKafka.start(files.kafkaData())) {
                Optional<DemoDruid> there = Optional.ofNullable(druid);
                PipelineDefinition definition = DefinitionLoader.load(
                        files.write(settings.scenario(), kafka.bootstrapServers(), there.map(DemoDruid::overlord)));
                out.println("Kafka at " + kafka.bootstrapServers() + ", definition " + definition.source()
                        + (files.ours() ? " (gone when the demo ends well; --dir keeps it)" : ""));
                balances = run(definition, files, there);
            }
            return balances;
        } finally {
            if (balances) {
                files.deleteIfOurs();
            } else {
                out.println("the folder " + files.dir() + " stays, with Kafka's data"
                        + (settings.druid() ? " and Druid's" : "")
                        + (settings.redraw() ? " and the log " + files.log() : ""));
                out.flush();
            }
        }
    }

    private DemoDruid startDruid(DemoFiles files) throws InterruptedException {
        try {
            DemoDruid druid = DemoDruid.start(files.druidData(), new FetchProgress(out, settings.redraw()));
            out.println("Kafka and Druid are starting ...");
            out.flush();
            return druid;
        } catch (DruidException e) {
            throw CommandException.failed(e.getMessage() + "\nadpipe demo --no-druid does without Druid", e);
        }
    }

    private boolean run(PipelineDefinition definition, DemoFiles files, Optional<DemoDruid> druid)
            throws InterruptedException {
        Clients clients = new Clients(definition.kafka());
        try (Admin admin = clients.admin()) {
            new Provisioner(definition, admin, line -> {}).provision(Provisioner.Options.local(RAW_PARTITIONS));
        }
        druid.ifPresent(d -> d.follow(definition));
        try (PipelineRun jobs = PipelineRun.start(definition, EnumSet.allOf(PipelineStage.class), 1, "demo")) {
            out.println("shuffle, join and output are running; Ctrl-C ends the demo");
            try (DemoRun run = new DemoRun(definition, settings, files, clients, druid, out)) {
                return run.toTheEnd(stopping, jobs);
            }
        }
    }
}
