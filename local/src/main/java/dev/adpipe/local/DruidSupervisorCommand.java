package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands for a pipeline's supervisor have in common. */
abstract class DruidSupervisorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DruidPipeline pipeline;

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        run(pipeline.load(), out);
        out.flush();
        return ExitCode.OK;
    }

    /**
     * Does what it is for, and says so.
     *
     * @throws CommandException if that cannot be done
     */
    abstract void run(PipelineDefinition definition, PrintWriter out);
}
