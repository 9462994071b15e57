package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        header = "Shows each stage's backlog and books.",
        description = {
            "How each stage is doing, asked of Kafka alone: its backlog, who runs it, and its books.",
            "members: containers in the stage's group. They keep their name over a restart, so one that has stopped or died"
                    + " counts until its session times out; what tells that a stage works is its backlog.",
            "backlog: records that the stage has yet to commit; transaction markers between them are counted too, so it is"
                    + " an upper bound. behind: how long the oldest of them has been waiting. Both are 0 when it is caught"
                    + " up. The books: in = emitted + duplicate + unmatched + dead-letter + held, as of the last commit."
        })
final class StatusCommand implements Callable<Integer> {
    /** The launcher says with {@code adpipe.terminal} whether stdout is one. */
    private static final String CLEAR_SCREEN = "\033[H\033[2J";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(names = "--watch", description = "Again and again, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "With --watch: how often. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() {
        if (seconds < 1) {
            throw CommandException.usage("--interval = " + seconds + ": at least 1 second");
        }
        PipelineDefinition pipeline = definition.load();
        PrintWriter out = spec.commandLine().getOut();
        try (StatusReader reader = StatusReader.open(pipeline)) {
            print(reader.read(), out);
            if (watch) {
                Thread unused = CleanStop.onSignal(out::flush);
            }
            while (watch) {
                Pause.millis(seconds * 1000L);
                List<StageStatus> stages = reader.read();
                out.print(Boolean.getBoolean("adpipe.terminal") ? CLEAR_SCREEN : System.lineSeparator());
                print(stages, out);
            }
        }
        return ExitCode.OK;
    }

    private static void print(List<StageStatus> stages, PrintWriter out) {
        StatusText.print(stages, out);
    }
}
