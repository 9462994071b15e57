package dev.adpipe.local.demo;

import dev.adpipe.local.CommandException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adpipe demo}. */
@Command(
        name = "demo",
        description = {
            "Shows the whole pipeline at work: Kafka in this process, Druid in one of its own, impressions and clicks"
                    + " from a generator (with --funnel, everything from bid request to conversion), the three jobs, each"
                    + " stage's rate and backlog, and clicks and CTR by campaign as they grow, asked from Druid.",
            "On Ctrl-C, or after --seconds, it stops generating, waits until every stage is done, and prints the books"
                    + " of every stage and Druid's sums, compared with what the generator knows of its events. The exit"
                    + " code is 0 only if they balance."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int MAX_RATE = 1_000_000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", description = "Stop after N seconds. By default on Ctrl-C.")
    private Integer seconds;

    @Option(
            names = "--funnel",
            description = "Show the whole funnel instead of impressions and clicks: bid requests with several imps, bid"
                    + " responses, impressions, clicks and conversions.")
    private boolean funnel;

    @Option(
            names = "--no-druid",
            description = "Without Druid: starts at once and takes less memory. Rows end in their topic.")
    private boolean noDruid;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "New events per second; with --funnel, new bid requests, of which about three times as many"
                    + " events come. By default 2000, with --funnel 1000.")
    private Integer rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the generator's random numbers. By default another one each time; it is printed.")
    private Long seed;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description =
                    "A new or empty folder for Kafka's data, the definition and local state, which stays. By default"
                            + " a temporary one, which does not.")
    private Path dir;

    @Override
    public Integer call() throws Exception {
        if (seconds != null && seconds < 1) {
            throw CommandException.usage("--seconds = " + seconds + ": at least 1");
        }
        Scenario scenario = funnel ? Scenario.FUNNEL : Scenario.CLICKS;
        if (rate != null && (rate < 1 || rate > MAX_RATE)) {
            throw CommandException.usage("--rate = " + rate + ": 1 to " + MAX_RATE);
        }
        PrintWriter out = spec.commandLine().getOut();
        Demo demo = new Demo(
                new Demo.Settings(
                        scenario,
                        Optional.ofNullable(seconds).map(Duration::ofSeconds),
                        rate == null ? scenario.rate() : rate,
                        seed == null ? new Random().nextInt(1_000_000) : seed,
                        Optional.ofNullable(dir),
                        Screen.isTerminal(),
                        !noDruid),
                out);
        return runUntilSignal(demo);
    }

    /** A signal lets the demo come to its end; the process then ends with the demo's exit code, not the signal's. */
    private int runUntilSignal(Demo demo) throws Exception {
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Thread hook = new Thread(
                () -> {
                    demo.stop();
                    Runtime.getRuntime().halt(ended.join());
                },
                "adpipe-demo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        int code = FAILED;
        try {
            code = demo.run() ? OK : FAILED;
            return code;
        } catch (Exception e) {
            // After a signal nobody else may live long enough to say so.
            spec.commandLine().getErr().println("adpipe: " + e.getMessage());
            throw e;
        } finally {
            spec.commandLine().getOut().flush();
            spec.commandLine().getErr().flush();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                ended.complete(code);
            }
        }
    }
}
