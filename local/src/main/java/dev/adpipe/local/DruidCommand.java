package dev.adpipe.local;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "druid",
        header = "Shows and manages the Druid supervisor that reads the rows.",
        description = {
            "For output.sink.type = druid-kafka: a supervisor in Druid reads <p>.rows, each row once. Its specification"
                    + " follows from the definition; 'apply' sends it to output.sink.overlord.",
            "'druid F show' is the same as 'druid show F'."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DruidShowCommand.class,
            DruidApplyCommand.class,
            DruidStatusCommand.class,
            DruidSuspendCommand.class,
            DruidResumeCommand.class,
            DruidResetCommand.class
        })
final class DruidCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Called when none is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See below.");
    }
}
