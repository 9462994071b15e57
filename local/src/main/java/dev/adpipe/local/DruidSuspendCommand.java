package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "suspend",
        header = "Lets Druid's supervisor rest.",
        description =
                "Its tasks publish what they have read, and end; rows wait in the topic, as long as that keeps them. Until 'resume'.")
final class DruidSuspendCommand extends DruidSupervisorCommand {
    @Override
    void run(PipelineDefinition definition, PrintWriter out) {
        Supervisor supervisor = Supervisor.of(definition);
        supervisor.suspend();
        out.println("supervisor " + supervisor.id() + ": suspended");
    }
}
