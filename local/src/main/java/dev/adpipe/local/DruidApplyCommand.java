package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "apply",
        header = "Makes Druid's supervisor what the definition says.",
        description =
                "Safe to repeat: says whether it was created, updated or left. One that is suspended stays suspended. Druid puts a changed specification into effect by ending its tasks, which publish what they have, and starting others.")
final class DruidApplyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public Integer call() {
        PipelineDefinition definition = pipeline.load();
        Supervisor supervisor = Supervisor.of(definition);
        PrintWriter out = spec.commandLine().getOut();
        requireTopic(definition);
        Supervisor.Applied applied = supervisor.apply();
        out.println("supervisor " + supervisor.id() + ": " + applied.name().toLowerCase(Locale.ROOT));
        out.flush();
        return ExitCode.OK;
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
