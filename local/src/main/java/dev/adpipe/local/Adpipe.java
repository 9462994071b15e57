package dev.adpipe.local;

import dev.adpipe.local.demo.DemoCommand;
import dev.adpipe.local.demo.GenerateCommand;
import dev.adpipe.local.guarantee.GuaranteeCommand;
import dev.adpipe.local.monitor.MonitorCommand;
import dev.adpipe.local.scaling.AutoscaleCommand;
import dev.adpipe.schemas.definition.InvalidDefinitionException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.AuthorizationException;
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
            "0:done; or ended by Ctrl-C or SIGTERM, where a command runs until then",
            "1:tried, and it did not work; the message says why",
            "2:the command line or the definition is wrong; nothing was tried",
            "3:refused, because it would have done harm; the message says what to do",
            "4:run: another process has this one's name",
            "130, 143:cut short by Ctrl-C or SIGTERM; the same again goes on or starts over"
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
            GenerateCommand.class,
            StatusCommand.class,
            MonitorCommand.class,
            AutoscaleCommand.class,
            PeekCommand.class,
            SchemaCommand.class,
            ReplayCommand.class,
            ResetCommand.class,
            DeadLettersCommand.class,
            DruidCommand.class,
            GuaranteeCommand.class
        })
public final class Adpipe implements Runnable {
    /** Commands with commands of their own, whose definition may stand before or after these. */
    private static final Map<String, List<String>> COMMANDS_OF = Map.of(
            "dead-letters", List.of("list", "replay"),
            "druid", List.of("show", "apply", "status", "suspend", "resume", "reset"));

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
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        Adpipe adpipe = new Adpipe();
        return new CommandLine(adpipe)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((e, rest) -> usage(e))
                .setExecutionExceptionHandler(adpipe::failed)
                .execute(inOrder(args));
    }

    /** {@code dead-letters F list} reads as well as {@code dead-letters list F}, and is meant as that. */
    private static String[] inOrder(String[] args) {
        if (args.length > 2
                && !args[1].startsWith("-")
                && COMMANDS_OF.getOrDefault(args[0], List.of()).contains(args[2])) {
            String[] turned = args.clone();
            turned[1] = args[2];
            turned[2] = args[1];
            return turned;
        }
        return args;
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

    private static String access(Exception e) {
        return e instanceof AuthorizationException
                ? ". The user that this command logs in with may not do that: ACLs are missing ('adpipe provision' makes a"
                        + " customer's), or it takes an administrator's (--command-config, where a command has it)"
                : "";
    }

    private static String message(Exception e) {
        String text = e.getMessage() == null ? "" : e.getMessage();
        return e instanceof CommandException ? text : e.getClass().getSimpleName() + ": " + text + access(e);
    }
}
