package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;

@Command(
        name = "apply",
        header = "Makes Druid's supervisor what the definition says.",
        description =
                "Safe to repeat: says whether it was created, updated or left. One that is suspended stays suspended. Druid puts a changed specification into effect by ending its tasks, which publish what they have, and starting others.")
final class DruidApplyCommand extends DruidSupervisorCommand {
    @Override
    void run(PipelineDefinition definition, PrintWriter out) {
        Supervisor supervisor = Supervisor.of(definition);
        requireTopic(definition);
        Supervisor.Applied applied = supervisor.apply();
        out.println("supervisor " + supervisor.id() + ": " + applied.name().toLowerCase(Locale.ROOT));
    }

    /** Druid's consumers would make a missing topic, with another number of partitions, where brokers allow that. */
    private static void requireTopic(PipelineDefinition definition) {
        String rows = definition.topics().rows();
        try (KafkaConnection kafka = KafkaConnection.open(definition.kafka())) {
            Answer.of(kafka.admin().describeTopics(List.of(rows)).allTopicNames());
        } catch (UnknownTopicOrPartitionException e) {
            throw CommandException.refused(
                    "there is no topic " + rows + " yet; 'adpipe provision F', or for a replay the"
                            + " replay itself, makes it. Nothing was sent to Druid");
        }
    }
}
