package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "status",
        header = "Shows how Druid's supervisor and its tasks are doing.",
        description =
                "As Druid tells it. read: up to where its tasks have read; published: up to where the segments are durable, apart from what a task is publishing just now. lag: records yet to be read, transaction markers among them, so it may stay at 1.")
final class DruidStatusCommand extends DruidSupervisorCommand {
    @Override
    void run(PipelineDefinition definition, PrintWriter out) {
        Supervisor supervisor = Supervisor.of(definition);
        DruidStatusText.print(supervisor.status(), supervisor.stats(), out);
    }
}
