package dev.adpipe.local.demo;

import dev.adpipe.join.JoinJob;
import dev.adpipe.output.OutputJob;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ExitReason;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.shuffle.ShuffleJob;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The three jobs, each a container in this JVM, sharing nothing but its memory. Used by one thread. */
final class DemoJobs {
    private static final String INSTANCE = "demo";

    private final ContainerProcess process;
    private final List<Container> containers;

    private DemoJobs(ContainerProcess process, List<Container> containers) {
        this.process = process;
        this.containers = containers;
    }

    static DemoJobs start(PipelineDefinition d, ContainerProcess process) {
        return new DemoJobs(
                process,
                List.of(
                        process.start(resources -> new Container(
                                ShuffleJob.settings(d, INSTANCE, 0), new ShuffleJob(d), Clock.SYSTEM, resources)),
                        process.start(resources -> new Container(
                                JoinJob.settings(d, INSTANCE, 0), new JoinJob(d), Clock.SYSTEM, resources)),
                        process.start(resources -> new Container(
                                OutputJob.settings(d, INSTANCE, 0), new OutputJob(d), Clock.SYSTEM, resources))));
    }

    /**
     * @throws IllegalStateException if a job has ended by itself
     */
    void check() {
        for (Container container : containers) {
            CompletableFuture<Container.Exit> exit = process.exit(container);
            if (exit.isDone()) {
                throw new IllegalStateException(container.settings().id() + " ended by itself, "
                        + exit.join().reason() + ": " + exit.join().message());
            }
        }
    }

    /**
     * Stops them; returns when each has committed and ended.
     *
     * @throws IllegalStateException if one did not end cleanly
     */
    void stop() {
        process.stop();
        for (Container container : containers) {
            Container.Exit exit = process.exit(container).join();
            if (exit.reason() != ExitReason.STOPPED) {
                throw new IllegalStateException(
                        container.settings().id() + " did not stop cleanly, " + exit.reason() + ": " + exit.message());
            }
        }
    }
}
