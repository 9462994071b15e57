package dev.adpipe.local.demo;

import dev.adpipe.local.CleanStop;
import dev.adpipe.local.CommandException;
import dev.adpipe.local.DefinitionFile;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adpipe generate}. */
@Command(
        name = "generate",
        header = "Writes made-up ad events to a pipeline's raw topics.",
        description = {
            "Writes the demo's impressions and clicks (with --funnel, everything from bid request to conversion) to the raw"
                    + " topics of the pipeline, until Ctrl-C: delays with a long tail, copies, clicks before their"
                    + " impressions, late events, broken ones. The definition needs streams of those names that read JSON.",
            "For trying a pipeline out. What becomes of the events is reckoned by the demo alone."
        })
public final class GenerateCommand implements Callable<Integer> {
    private static final int MAX_RATE = 1_000_000;
    private static final Duration FOREVER = Duration.ofDays(36_500);

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(
            names = "--funnel",
            description = "Bid requests, bid responses, impressions, clicks and conversions instead of impressions and"
                    + " clicks.")
    private boolean funnel;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "New events per second; with --funnel, new bid requests. By default 2000, with --funnel 1000.")
    private Integer rate;

    @Option(names = "--seconds", paramLabel = "N", description = "Stop after N seconds. By default on Ctrl-C.")
    private Integer seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the random numbers. By default another one each time; it is printed.")
    private Long seed;

    @Override
    public Integer call() throws InterruptedException {
        if (seconds != null && seconds < 1) {
            throw CommandException.usage("--seconds = " + seconds + ": at least 1");
        }
        if (rate != null && (rate < 1 || rate > MAX_RATE)) {
            throw CommandException.usage("--rate = " + rate + ": 1 to " + MAX_RATE);
        }
        Scenario scenario = funnel ? Scenario.FUNNEL : Scenario.CLICKS;
        PipelineDefinition pipeline = definition.load();
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        PrintWriter out = spec.commandLine().getOut();
        try (Generation generation =
                Generation.start(pipeline, scenario, chosen, rate == null ? scenario.rate() : rate, out::println)) {
            Thread hook = CleanStop.onSignal(generation::stop);
            try {
                generation.await(seconds == null ? FOREVER : Duration.ofSeconds(seconds));
                generation.stop();
            } finally {
                CleanStop.remove(hook);
            }
        }
        return 0;
    }
}
