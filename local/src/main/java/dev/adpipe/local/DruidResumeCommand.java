package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "resume",
        header = "Lets a suspended supervisor go on.",
        description = "It reads on where its tasks have ended.")
final class DruidResumeCommand extends DruidSupervisorCommand {
    @Override
    void run(PipelineDefinition definition, PrintWriter out) {
        Supervisor supervisor = Supervisor.of(definition);
        supervisor.resume();
        out.println("supervisor " + supervisor.id() + ": resumed");
    }
}
