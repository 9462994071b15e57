package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reset",
        header = "Moves the offsets at which Druid reads on.",
        description = {
            "Druid does not go on by itself where the rows it wants next are gone from the topic, or where the topic was made"
                    + " anew. This says for each partition what going on loses or repeats, asks, and sends Druid new offsets"
                    + " (Druid 28 or newer).",
            "Rows that are read once more count twice, unless their segments were dropped before."
        })
final class DruidResetCommand extends DruidSupervisorCommand {
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
    void run(PipelineDefinition definition, PrintWriter out) {
        Optional<ResetTarget> target = Optional.ofNullable(to).map(ResetTarget::parse);
        Supervisor supervisor = Supervisor.of(definition);
        try (KafkaConnection kafka = KafkaConnection.open(definition.kafka())) {
            new DruidReset(definition, supervisor, kafka.admin(), out::println, () -> yes || Confirmation.given(out))
                    .run(target);
        }
    }
}
