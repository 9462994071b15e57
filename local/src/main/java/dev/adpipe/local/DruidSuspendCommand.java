package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "suspend",
        header = "Lets Druid's supervisor rest.",
        description =
                "Its tasks publish what they have read, and end; rows wait in the topic, as long as that keeps them. Until 'resume'.")
final class DruidSuspendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public Integer call() {
        Supervisor supervisor = Supervisor.of(pipeline.load());
        supervisor.suspend();
        PrintWriter out = spec.commandLine().getOut();
        out.println("supervisor " + supervisor.id() + ": suspended");
        out.flush();
        return ExitCode.OK;
    }
}
