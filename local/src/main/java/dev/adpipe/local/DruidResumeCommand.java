package dev.adpipe.local;

import dev.adpipe.local.supervisor.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "resume",
        header = "Lets a suspended supervisor go on.",
        description = "It reads on where its tasks have ended.")
final class DruidResumeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public Integer call() {
        Supervisor supervisor = Supervisor.of(pipeline.load());
        supervisor.resume();
        PrintWriter out = spec.commandLine().getOut();
        out.println("supervisor " + supervisor.id() + ": resumed");
        out.flush();
        return ExitCode.OK;
    }
}
