package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        header = "Runs stages of a pipeline in this process.",
        description = {
            "Runs stages of the pipeline in this process, each on threads of its own, until Ctrl-C or SIGTERM: then what has"
                    + " been processed is committed, and the process ends with 0. It ends too if a stage ends, with 1 after"
                    + " a failure, 3 if somebody has to act first, 4 if another process has its name; the log says why.",
            "In production each stage is a process of its own, by its own main."
        })
final class RunCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 250;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "shuffle, join or output; may be given several times. Default: all three.")
    private List<PipelineStage> stages = List.of();

    @Option(
            names = "--until-drained",
            description =
                    "End when everything is processed that was in the input at the start: stage by stage, the next"
                            + " one's input being what is there when the one before has ended. Later records and ticks do not"
                            + " count; what the join holds stays held in its books. A signal before that: 1, and running it again"
                            + " goes on.")
    private boolean untilDrained;

    @Option(
            names = "--containers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads per stage, each with its share of the partitions. Default: ${DEFAULT-VALUE}.")
    private int containers;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            defaultValue = "local",
            description = "Name of this process among all that run these stages, the same after a restart. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String instance;

    @Override
    public Integer call() {
        if (containers < 1) {
            throw CommandException.usage("--containers = " + containers + ": at least 1");
        }
        PipelineDefinition pipeline = definition.load();
        Set<PipelineStage> chosen = stages.isEmpty() ? EnumSet.allOf(PipelineStage.class) : EnumSet.copyOf(stages);
        if (!untilDrained) {
            PipelineRun run = PipelineRun.start(pipeline, chosen, containers, instance);
            return run.untilSignal();
        }
        drainAll(pipeline, chosen);
        return ExitCode.OK;
    }

    private void drainAll(PipelineDefinition pipeline, Set<PipelineStage> chosen) {
        try (StatusReader status = StatusReader.open(pipeline)) {
            // Says at once, and once, what each container would say for itself.
            status.read();
            try (PipelineRun run = PipelineRun.start(pipeline, chosen, containers, instance)) {
                Thread hook = new Thread(() -> interrupted(run), "adpipe-interrupted");
                Runtime.getRuntime().addShutdownHook(hook);
                try {
                    drain(chosen, status, run);
                } finally {
                    CleanStop.remove(hook);
                }
            }
        }
    }

    private void interrupted(PipelineRun run) {
        run.close();
        PrintWriter err = spec.commandLine().getErr();
        err.println("adpipe: stopped by a signal before all was drained; what is processed is committed, and running it"
                + " again goes on from there");
        err.flush();
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }

    private void drain(Set<PipelineStage> chosen, StatusReader status, PipelineRun run) {
        PrintWriter err = spec.commandLine().getErr();
        for (PipelineStage stage : chosen) {
            try (Drain drain = status.drain(stage)) {
                while (!drain.isDone()) {
                    run.requireAlive();
                    Pause.millis(LOOK_MILLIS);
                }
            }
            run.stop(stage);
            run.requireAlive();
            err.println(stage.name().toLowerCase(Locale.ROOT) + " is drained");
        }
    }
}
