package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        header = "Makes the rows of a range of time once more.",
        description = {
            "Sends the events of a range of time through the same jobs once more, in this process, into topics of"
                    + " their own: to mend a mapping after the fact. The live pipeline may run meanwhile: it is not"
                    + " touched.",
            "From <p>.shuffled, while that reaches back far enough, come the very rows of the live run, but for what"
                    + " the definition and the lookups now say otherwise, and for keys that are busy for longer than"
                    + " join.max-key-life. From the raw topics come the same rows for events that were not late.",
            "One that was interrupted goes on where it was when it is run again."
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Mixin
    private CommandConfig administrator;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first row time, in ISO 8601 with its zone: 2026-11-22T13:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The row time to end before.")
    private String to;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the replay: its topics begin with <p>-replay-NAME. Default: made of the range.")
    private String name;

    @Option(
            names = "--source",
            paramLabel = "LOG",
            description = "shuffled or raw. Default: shuffled while it reaches back far enough, else raw.")
    private ReplaySource source;

    @Option(
            names = "--behind",
            paramLabel = "DURATION",
            defaultValue = "PT0S",
            description = "How long the slowest raw topic was behind the others at that time, such as PT2H: the replay"
                    + " begins to read so much earlier. Default: nothing.")
    private Duration behind;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            description =
                    "How much before --from is read, such as PT24H. By default all that a key's life can have been:"
                            + " max-key-life and more, and a log that does not reach back so far is refused. With less,"
                            + " events whose parents came before it have no row, and late copies have one; the replay says"
                            + " so.")
    private Duration warmUp;

    @Option(
            names = "--containers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads per stage. Default: ${DEFAULT-VALUE}.")
    private int containers;

    @Option(
            names = "--delete",
            paramLabel = "NAME",
            description = "Delete all that a replay has made, and do nothing else.")
    private String delete;

    @Override
    public Integer call() {
        PipelineDefinition pipeline = definition.load();
        PrintWriter out = spec.commandLine().getOut();
        if (delete != null) {
            delete(pipeline, out);
            return ExitCode.OK;
        }
        if (from == null || to == null) {
            throw CommandException.usage("replay needs --from and --to (or --delete)");
        }
        if (containers < 1 || behind.isNegative()) {
            throw CommandException.usage("--containers must be at least 1, and --behind not negative");
        }
        TimeRange range = TimeRange.parse(from, to);
        String replayName = name == null ? range.readable() : name;
        try (KafkaConnection kafka = KafkaConnection.open(administrator.over(pipeline.kafka()))) {
            RangeReplay replay = new RangeReplay(
                    pipeline, replayName, kafka, spec.commandLine().getErr()::println);
            Thread hook = new Thread(() -> interrupted(replay), "adpipe-interrupted");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                print(
                        replay.run(new RangeReplay.Options(
                                range, Optional.ofNullable(source), behind, Optional.ofNullable(warmUp), containers)),
                        replayName,
                        out);
            } finally {
                CleanStop.remove(hook);
            }
        }
        return ExitCode.OK;
    }

    private void interrupted(RangeReplay replay) {
        replay.interrupt();
        PrintWriter err = spec.commandLine().getErr();
        err.println(
                "adpipe: stopped by a signal; what is processed is committed, and the same command goes on from there");
        err.flush();
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }

    private void delete(PipelineDefinition pipeline, PrintWriter out) {
        try (KafkaConnection kafka = KafkaConnection.open(administrator.over(pipeline.kafka()))) {
            new ReplayRemoval(pipeline.replay(delete), kafka.admin(), out::println).remove();
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--delete: " + e.getMessage());
        }
    }

    private static void print(RangeReplay.Result result, String name, PrintWriter out) {
        ReplayPipeline pipeline = result.pipeline();
        StatusText.print(result.stages(), out);
        long rows = result.stages().get(result.stages().size() - 1).books().emitted();
        out.println(Shown.number(rows) + " rows with times in " + pipeline.range() + " are in "
                + pipeline.own().topics().rows() + ", from " + pipeline.source()
                + " (output counts these only, the stages before it all that was read)");
        if (result.mayBeIncomplete()) {
            long reached = result.watermark().getAsLong();
            out.println("The log ended with the watermark at "
                    + (reached == Long.MIN_VALUE ? "no time yet" : Instant.ofEpochMilli(reached))
                    + ", not after " + Instant.ofEpochMilli(result.settledFrom())
                    + ": the live pipeline had not come further, and may yet make more rows of this range.");
        }
        out.println("When they are not needed any more: adpipe replay "
                + pipeline.live().source() + " --delete " + name);
        out.flush();
    }
}
