package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "reset",
        header = "Moves the offsets at which Druid reads on.",
        description = {
            "Druid does not go on by itself where the rows it wants next are gone from the topic, or where the topic was made"
                    + " anew. This says for each partition what going on loses or repeats, asks, and sends Druid new offsets"
                    + " (Druid 28 or newer).",
            "Rows that are read once more count twice, unless their segments were dropped before."
        })
final class DruidResetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Option(
            names = "--to",
            paramLabel = "WHERE",
            description =
                    "Where every partition goes on: earliest, latest, or a time such as 2026-11-22T13:00:00Z. Without"
                            + " it, those that Druid cannot go on with go on at their log's start, and no others.")
    private String to;

    @Option(names = "--yes", description = "Do not ask. For scripts: without a terminal nobody can be asked.")
    private boolean yes;

    @Override
    public Integer call() {
        PipelineDefinition definition = pipeline.load();
        Optional<ResetTarget> target = Optional.ofNullable(to).map(ResetTarget::parse);
        Supervisor supervisor = Supervisor.of(definition);
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaConnection kafka = KafkaConnection.open(definition.kafka())) {
            new DruidReset(definition, supervisor, kafka.admin(), out::println, () -> yes || Confirmation.given(out))
                    .run(target);
        }
        out.flush();
        return ExitCode.OK;
    }
}
