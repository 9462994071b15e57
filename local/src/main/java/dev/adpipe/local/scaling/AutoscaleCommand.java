package dev.adpipe.local.scaling;

import dev.adpipe.local.CommandException;
import dev.adpipe.local.DefinitionFile;
import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StatusReader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adpipe autoscale}. */
@Command(
        name = "autoscale",
        header = "Says how many containers each stage should have, and why.",
        description = {
            "Measures a running pipeline for a while, and explains step by step how many containers each stage should have:"
                    + " what one of them does per busy second, what the input takes of that at 70 % utilization, what the"
                    + " backlog takes to be gone in 10 minutes, and how partitions can be shared out. Nothing is changed.",
            "The monitor reckons in the same way all the time, and serves adpipe_recommended_containers; it takes a"
                    + " container away only when fewer have been enough for 5 minutes. KEDA scales by that: see"
                    + " autoscaling.enabled of the chart deploy/helm/adpipe.",
            "The containers are asked how busy they are at runtime.metrics-port of the definition."
        })
public final class AutoscaleCommand implements Callable<Integer> {
    private static final long INTERVAL_MS = 1_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(names = "--dry-run", description = "Only say it. There is nothing else that this command does.")
    private boolean dryRun;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "30",
            description = "How long to measure, 25 to 60. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        if (!dryRun) {
            throw CommandException.usage(
                    "autoscale changes nothing by itself: --dry-run is required, and says what it would"
                            + " do. What starts and stops containers is KEDA, by the chart deploy/helm/adpipe with"
                            + " autoscaling.enabled = true; elsewhere it is you");
        }
        if (seconds < 25 || seconds > LoadWindow.WINDOW.toSeconds()) {
            throw CommandException.usage("--seconds = " + seconds
                    + ": between 25, or there is too little to go by, and " + LoadWindow.WINDOW.toSeconds());
        }
        PipelineDefinition pipeline = definition.load();
        spec.commandLine()
                .getErr()
                .println("measuring " + pipeline.customer() + "." + pipeline.name() + " for " + seconds + " s ...");
        AdviceText.print(measure(pipeline), spec.commandLine().getOut());
        return 0;
    }

    private List<Advice> measure(PipelineDefinition pipeline) throws InterruptedException {
        JobScrape jobs = new JobScrape(
                pipeline.customer(), pipeline.name(), pipeline.runtime().metricsPort());
        ScalingAdvice advice = new ScalingAdvice(pipeline, ScalingRules.DEFAULT);
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (StatusReader reader = StatusReader.open(pipeline)) {
            while (true) {
                List<StageStatus> stages = reader.read();
                TreeSet<String> hosts = new TreeSet<>();
                stages.forEach(stage -> hosts.addAll(stage.hosts()));
                List<Advice> now =
                        advice.look(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), stages, jobs.containers(hosts));
                if (System.nanoTime() >= end) {
                    return now;
                }
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MS);
            }
        }
    }
}
