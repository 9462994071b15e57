package dev.adpipe.local;

import dev.adpipe.local.demo.DemoCommand;
import dev.adpipe.schemas.definition.InvalidDefinitionException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code adpipe}. */
@Command(
        name = "adpipe",
        description = "Raw ad event streams in Kafka, joined exactly once, as rows for Druid.",
        mixinStandardHelpOptions = true,
        version = "adpipe 0.1.0-SNAPSHOT",
        scope = ScopeType.INHERIT,
        descriptionHeading = "%n",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:tried, and it did not work; the message says why",
            "2:the command line or the definition is wrong; nothing was tried",
            "3:refused, because it would have done harm; the message says what to do",
            "4:run: another process has this one's name",
            "130, 143:ended by Ctrl-C or SIGTERM, after stopping cleanly"
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            KafkaCommand.class,
            ValidateCommand.class,
            ProvisionCommand.class,
            LoadCommand.class,
            StatusCommand.class,
            PeekCommand.class,
            DeadLettersCommand.class
        })
public final class Adpipe implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean verbose;

    public static void main(String[] args) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args));
    }

    /** Runs one command to its end; gives the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Adpipe adpipe = new Adpipe();
        return new CommandLine(adpipe)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, rest) -> usage(e))
                .setExecutionExceptionHandler(adpipe::failed)
                .execute(args);
    }

    /** Called when no command is named. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? See below.");
    }

    private static int usage(ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println("adpipe: " + e.getMessage());
        err.println();
        e.getCommandLine().usage(err);
        return ExitCode.USAGE;
    }

    private int failed(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (verbose) {
            e.printStackTrace(err);
        }
        if (e instanceof InvalidDefinitionException) {
            err.println(e.getMessage());
            return ExitCode.USAGE;
        }
        err.println("adpipe: " + message(e));
        if (!verbose && !(e instanceof CommandException)) {
            err.println("(--verbose shows where it happened)");
        }
        return e instanceof CommandException known ? known.exitCode() : ExitCode.FAILED;
    }

    private static String message(Exception e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        return e instanceof CommandException ? text : e.getClass().getSimpleName() + ": " + text;
    }
}
