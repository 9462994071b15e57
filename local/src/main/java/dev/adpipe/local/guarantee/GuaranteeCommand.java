package dev.adpipe.local.guarantee;

import dev.adpipe.local.CommandException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code adpipe guarantee}. */
@Command(
        name = "guarantee",
        header = "Proves exactly-once: runs everything, breaks it at random, compares every row.",
        description = {
            "Starts Kafka and the three jobs, each as a process of its own in a temporary folder, sends impressions"
                    + " and clicks with every ugly case, and does random faults. Then it waits until everything is decided"
                    + " and compares row by row with a batch join over the raw topics, which shares no code with the"
                    + " jobs.",
            "The exit code is 0 only if nothing was lost, nothing is there twice, nothing is wrong, the dead letters"
                    + " are exactly the broken records, and the books of all stages balance."
        })
public final class GuaranteeCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    private enum Measure {
        RECOVERY,
        MEMORY
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of faults and events. By default another one each time; it is printed.")
    private Long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "2",
            description = "How long faults are done, 0 to 1440. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--faults",
            paramLabel = "F,...",
            split = ",",
            description =
                    "kill, kill-all, freeze, freeze-takeover, broker-clean, broker-hard, brokers-down, cut, state-lost,"
                            + " state-damaged, scale, or all. Default: all, or none with --kills.")
    private List<String> faults;

    @Option(
            names = "--kills",
            paramLabel = "STAGE=N,...",
            split = ",",
            description = "kill -9 so many times, whatever the time: shuffle, join, output, all (at once).")
    private Map<String, Integer> kills = Map.of();

    @Option(
            names = "--brokers",
            paramLabel = "N",
            description = "1 or 3. By default 3 if a fault strikes one broker of several, else 1.")
    private Integer brokers;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "250",
            description = "Impressions per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--measure",
            paramLabel = "recovery|memory",
            description = {
                "Measures instead. recovery: from kill -9 of the join to new joined records, with its local state"
                        + " intact, lost, and with a standby, by the number of --events it holds; and the rate of"
                        + " restoring beside that of joining.",
                "memory: what a join container takes, in the course of --minutes under --rate. Fails if a job ends by"
                        + " itself meanwhile."
            })
    private Measure measure;

    @Option(
            names = "--events",
            paramLabel = "N,...",
            split = ",",
            defaultValue = "10000,1000000",
            description = "Of --measure recovery: sizes of the state. Default: ${DEFAULT-VALUE}.")
    private List<Long> events;

    @Option(
            names = "--dir",
            paramLabel = "D",
            description = "A new or empty folder for everything, which stays. By default a temporary one, which stays"
                    + " only if something was wrong.")
    private Path dir;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (measure != null) {
            RunSettings settings = settings();
            switch (measure) {
                case RECOVERY -> new RecoveryMeasure(out).run(events);
                case MEMORY -> new MemoryMeasure(settings, out).run();
            }
            return OK;
        }
        Report report = new GuaranteeRun(settings(), out).run();
        report.lines().forEach(out::println);
        return report.good() ? OK : FAILED;
    }

    private RunSettings settings() {
        if (!(minutes >= 0 && minutes <= 1440)) {
            throw CommandException.usage("--minutes = " + minutes + ": 0 to 1440");
        }
        if (rate < 1 || rate > 20_000) {
            throw CommandException.usage("--rate = " + rate + ": 1 to 20000");
        }
        if (brokers != null && brokers != 1 && brokers != 3) {
            throw CommandException.usage("--brokers = " + brokers + ": 1 or 3");
        }
        long chosen = seed == null ? new Random().nextInt(1_000_000) : seed;
        try {
            List<Fault> wanted = wanted();
            int nodes = brokers != null ? brokers : wanted.stream().anyMatch(Fault::needsBrokers) ? 3 : 1;
            return new RunSettings(
                    chosen,
                    Duration.ofMillis(Math.round(minutes * 60_000)),
                    wanted,
                    killList(chosen),
                    Duration.ofSeconds(3),
                    nodes,
                    rate,
                    ProofPipeline.Times.shortLives(),
                    Optional.ofNullable(dir),
                    Map.of());
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(e.getMessage());
        }
    }

    private List<Fault> wanted() {
        if (faults == null) {
            return kills.isEmpty() ? Faults.ALL : List.of();
        }
        return faults.contains("all")
                ? Faults.ALL
                : faults.stream().map(Faults::named).toList();
    }

    private List<Fault> killList(long chosen) {
        List<Fault> list = new ArrayList<>();
        kills.forEach((stage, count) -> list.addAll(Collections.nCopies(count, Faults.killOf(stage))));
        Collections.shuffle(list, new Random(chosen));
        return list;
    }
}
