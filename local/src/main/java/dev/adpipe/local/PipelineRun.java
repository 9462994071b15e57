package dev.adpipe.local;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.ExitReason;
import dev.adpipe.runtime.Job;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The containers of some stages of one pipeline, running in this process. Thread-safe, as {@link ContainerProcess} is.
 */
public final class PipelineRun implements AutoCloseable {
    private final ContainerProcess process;
    private final Map<PipelineStage, List<Container>> containers = new EnumMap<>(PipelineStage.class);

    private PipelineRun(ContainerProcess process) {
        this.process = process;
    }

    /**
     * Starts containers, each on a thread of its own.
     *
     * @param each     containers per stage
     * @param instance name of this process among all that run these stages
     */
    public static PipelineRun start(
            PipelineDefinition definition, Collection<PipelineStage> stages, int each, String instance) {
        return start(definition.runtime(), new AsDefined(definition), stages, each, instance);
    }

    static PipelineRun start(
            RuntimeSettings runtime, Parts parts, Collection<PipelineStage> stages, int each, String instance) {
        ContainerProcess process = new ContainerProcess(
                runtime.stateMemoryBytes(), runtime.metricsPort(), labels(parts, stages, instance));
        PipelineRun run = new PipelineRun(process);
        for (PipelineStage stage : stages) {
            List<Container> started = new ArrayList<>();
            for (int number = 0; number < each; number++) {
                ContainerSettings settings = parts.settings(stage, instance, number);
                started.add(
                        process.start(resources -> new Container(settings, parts.job(stage), Clock.SYSTEM, resources)));
            }
            run.containers.put(stage, started);
        }
        return run;
    }

    private static Map<String, String> labels(Parts parts, Collection<PipelineStage> stages, String instance) {
        List<ContainerSettings> settings =
                stages.stream().map(stage -> parts.settings(stage, instance, 0)).toList();
        String names = settings.stream().map(ContainerSettings::stage).collect(Collectors.joining("+"));
        return settings.stream()
                .findFirst()
                .map(first -> Map.of(
                        "customer",
                        first.pipeline().customer(),
                        "pipeline",
                        first.pipeline().name(),
                        "stage",
                        names))
                .orElse(Map.of());
    }

    /** What containers are made of. */
    interface Parts {
        ContainerSettings settings(PipelineStage stage, String instance, int number);

        /** A job for one container. */
        Job job(PipelineStage stage);
    }

    private record AsDefined(PipelineDefinition definition) implements Parts {
        @Override
        public ContainerSettings settings(PipelineStage stage, String instance, int number) {
            return stage.settings(definition, instance, number);
        }

        @Override
        public Job job(PipelineStage stage) {
            return stage.job(definition);
        }
    }

    /** Runs on until the containers end or a signal comes; gives the exit code. */
    public int untilSignal() {
        return process.runUntilSignal();
    }

    /** Stops all stages, in the order of a record's way. Returns when they have. */
    public void stop() {
        containers.keySet().forEach(this::stop);
    }

    /** Stops one stage: its containers commit and end. Returns when they have. */
    public void stop(PipelineStage stage) {
        containers.get(stage).forEach(Container::stop);
        containers.get(stage).forEach(container -> process.exit(container).join());
    }

    /**
     * @throws CommandException if a container has ended by itself
     */
    public void requireAlive() {
        for (List<Container> stage : containers.values()) {
            for (Container container : stage) {
                CompletableFuture<Container.Exit> exit = process.exit(container);
                if (exit.isDone() && exit.join().reason() != ExitReason.STOPPED) {
                    Container.Exit why = exit.join();
                    String text = container.settings().id() + " ended: " + why.message();
                    throw why.reason() == ExitReason.REFUSED
                            ? CommandException.refused(text)
                            : CommandException.failed(text);
                }
            }
        }
    }

    /** Stops all that still runs: it commits and ends; returns when it has. */
    @Override
    public void close() {
        process.close();
    }
}
