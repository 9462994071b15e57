package dev.adpipe.local;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dead-letters",
        header = "Lists and replays what stages have refused.",
        description =
                "What a stage cannot use ends in <p>.dead-letter, with the reason; nothing is lost. 'dead-letters F list' is the same"
                        + " as 'dead-letters list F'.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLettersListCommand.class, DeadLettersReplayCommand.class})
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Called when neither is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See below.");
    }
}
