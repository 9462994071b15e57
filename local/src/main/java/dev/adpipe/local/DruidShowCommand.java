package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        header = "Prints the supervisor's specification.",
        description = "What apply would send, as JSON. Secrets are hidden here, and sent whole.")
final class DruidShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Supervisor.spec(pipeline.load()));
        out.flush();
        return ExitCode.OK;
    }
}
