package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.shuffle.ShuffleJob;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        header = "Replays dead letters, each once.",
        description = {
            "Sends dead letters once more into the stage that refused them, after its definition or its lookups were mended;"
                    + " each once, however often this is run or interrupted. Raw topics are never written to.",
            "What is refused again becomes a new dead letter. One that was too large to be kept whole cannot be replayed."
                    + " Replayed events are late if they are older than the join's watermark allows."
        })
final class DeadLettersReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Mixin
    private DeadLetterFilter filter;

    @Option(names = "--max", paramLabel = "N", description = "At most so many. Default: all.")
    private Integer max;

    @Override
    public Integer call() {
        if (max != null && max < 1) {
            throw CommandException.usage("--max = " + max + ": at least 1");
        }
        PipelineDefinition pipeline = definition.load();
        ShuffleJob shuffle = new ShuffleJob(pipeline);
        try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka())) {
            Replayer replayer =
                    new Replayer(pipeline, kafka, shuffle, spec.commandLine().getErr()::println);
            Replayer.Result result = replayer.replay(filter::matches, max == null ? Integer.MAX_VALUE : max);
            spec.commandLine()
                    .getOut()
                    .println(Shown.number(result.accepted() + result.refusedAgain()) + " replayed: "
                            + Shown.number(result.accepted()) + " accepted, " + Shown.number(result.refusedAgain())
                            + " refused again; " + Shown.number(result.skipped()) + " skipped, "
                            + Shown.number(result.before()) + " had been replayed before");
        } finally {
            shuffle.close();
        }
        return ExitCode.OK;
    }
}
