package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "reset",
        header = "Lets stages go on after a gap, saying what that loses or repeats.",
        description = {
            "A stage does not go on by itself where its offsets are gone, where its input was deleted before it was"
                    + " processed, where a topic was deleted and made anew, or where the join's changelog was. This looks for such"
                    + " gaps, says for each partition what going on loses or repeats, asks, and commits new offsets. Whatever"
                    + " has no gap is left as it is.",
            "The stage's processes must be stopped."
        })
final class ResetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "shuffle, join or output; may be given several times. Default: all three.")
    private List<PipelineStage> stages = List.of(PipelineStage.values());

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            description =
                    "Where partitions begin that have no offset, or one of another topic: earliest, latest, or a time"
                            + " such as 2026-11-22T13:00:00Z. Deleted input always goes on at the log's start.")
    private String to;

    @Option(
            names = "--remove-stopped",
            description = "Remove static members that have stopped, but that Kafka still counts as members.")
    private boolean removeStopped;

    @Option(names = "--yes", description = "Do not ask. For scripts: without a terminal nobody can be asked.")
    private boolean yes;

    @Override
    public Integer call() {
        PipelineDefinition pipeline = definition.load();
        Optional<ResetTarget> target = Optional.ofNullable(to).map(ResetTarget::parse);
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka())) {
            new Reset(pipeline, kafka.admin(), out::println, () -> yes || Confirmation.given(out))
                    .run(new Reset.Options(stages, target, removeStopped));
        }
        return ExitCode.OK;
    }
}
