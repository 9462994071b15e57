package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        header = "Prints the supervisor's specification.",
        description = "What apply would send, as JSON. Secrets are hidden here, and sent whole.")
final class DruidShowCommand extends DruidSupervisorCommand {
    @Override
    void run(PipelineDefinition definition, PrintWriter out) {
        out.println(Supervisor.spec(definition));
    }
}
