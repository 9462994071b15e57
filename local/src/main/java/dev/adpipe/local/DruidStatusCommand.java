package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        header = "Shows how Druid's supervisor and its tasks are doing.",
        description =
                "As Druid tells it. read: up to where its tasks have read; published: up to where the segments are durable, apart from what a task is publishing just now. lag: records yet to be read, transaction markers among them, so it may stay at 1.")
final class DruidStatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public Integer call() {
        Supervisor supervisor = Supervisor.of(pipeline.load());
        PrintWriter out = spec.commandLine().getOut();
        DruidStatusText.print(supervisor.status(), supervisor.stats(), out);
        out.flush();
        return ExitCode.OK;
    }
}
