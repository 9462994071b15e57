package dev.adpipe.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The {@code main} of a stage that is a process of its own. */
public final class JobMain {
    private static final int EXIT_USAGE = 2;
    private static final List<String> OPTIONS = List.of("--instance", "--containers");
    private static final String LOGBACK = "logback.configurationFile";

    private JobMain() {}

    /**
     * Runs until SIGTERM or until the containers end; does not return.
     *
     * @param args {@code FILE [--instance NAME] [--containers N]}
     */
    public static <D> void main(Stage<D> stage, String[] args) {
        // Before the first logger is made; whoever brings a configuration of his own names it on the command line.
        if (System.getProperty(LOGBACK) == null) {
            System.setProperty(LOGBACK, "dev/adpipe/runtime/logback.xml");
        }
        System.exit(run(stage, args));
    }

    static <D> int run(Stage<D> stage, String[] args) {
        List<String> words = List.of(args);
        if (words.isEmpty() || words.contains("--help")) {
            System.err.println("Usage: " + stage.name() + " FILE [--instance NAME] [--containers N]\n"
                    + "  FILE          the pipeline definition\n"
                    + "  --instance    name of this process among those of its stage, stable over restarts;"
                    + " default: $HOSTNAME, else \"0\"\n"
                    + "  --containers  threads, each with a share of the partitions; default: 1\n"
                    + "Ends with 0 when told to stop, 1 after a failure that a restart mends, 2 on wrong usage or an"
                    + " invalid definition,\n3 when an operator must act first, 4 when another process has its name.");
            return words.contains("--help") ? 0 : EXIT_USAGE;
        }
        String host = System.getenv().getOrDefault("HOSTNAME", "0");
        try {
            requireKnown(words);
            String instance = option(words, "--instance", host);
            int containers = positive("--containers", option(words, "--containers", "1"));
            StartAhead ahead = StartAhead.begin();
            stage.loadAhead();
            D definition = stage.load(Path.of(words.get(0)));
            ahead.await();
            return run(stage, definition, instance, containers);
        } catch (RuntimeException e) {
            System.err.println(e.getMessage());
            return EXIT_USAGE;
        }
    }

    private static <D> int run(Stage<D> stage, D definition, String instance, int containers) {
        PipelineSettings pipeline = stage.settings(definition, instance, 0).pipeline();
        ContainerProcess process = new ContainerProcess(
                pipeline.stateMemoryBytes(),
                pipeline.metricsPort(),
                Map.of("customer", pipeline.customer(), "pipeline", pipeline.name(), "stage", stage.name()));
        for (int number = 0; number < containers; number++) {
            ContainerSettings settings = stage.settings(definition, instance, number);
            process.start(resources -> new Container(settings, stage.job(definition), Clock.SYSTEM, resources));
        }
        return process.runUntilSignal();
    }

    /** A word that is overlooked is a process that does not do what it was told. */
    private static void requireKnown(List<String> words) {
        if (words.get(0).startsWith("-")) {
            throw new IllegalArgumentException("first comes FILE, the pipeline definition, not " + words.get(0));
        }
        for (int i = 1; i < words.size(); i += 2) {
            if (!OPTIONS.contains(words.get(i))) {
                throw new IllegalArgumentException(
                        words.get(i) + ": no such option; there are " + String.join(" and ", OPTIONS));
            }
        }
    }

    private static int positive(String name, String value) {
        if (!value.matches("[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException(name + " = " + value + ": must be a whole number from 1 to 9999");
        }
        return Integer.parseInt(value);
    }

    private static String option(List<String> words, String name, String otherwise) {
        int at = words.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == words.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return words.get(at + 1);
    }
}
