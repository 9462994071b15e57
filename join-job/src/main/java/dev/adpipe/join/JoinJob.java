package dev.adpipe.join;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Measures;
import dev.adpipe.runtime.PipelineSettings;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The join of one pipeline: {@code <p>.shuffled} to {@code <p>.joined} and {@code <p>.unmatched}. */
public final class JoinJob implements Job {
    /** Most keys with forced decisions in one transaction. */
    private static final int FORCED_AT_ONCE = 10_000;

    private final PipelineDefinition definition;
    private final int forcedAtOnce;

    public JoinJob(PipelineDefinition definition) {
        this(definition, FORCED_AT_ONCE);
    }

    JoinJob(PipelineDefinition definition, int forcedAtOnce) {
        this.definition = definition;
        this.forcedAtOnce = forcedAtOnce;
    }

    /**
     * @param instance name of this process among those of the join, stable over restarts
     * @param number   number of the container in its process, from 0
     */
    public static ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
        Topics topics = definition.topics();
        int partitions = definition.shuffle().partitions();
        RuntimeSettings runtime = definition.runtime();
        PipelineSettings pipeline = new PipelineSettings(
                definition.customer(),
                definition.name(),
                definition.kafka(),
                runtime.commitInterval(),
                definition.shuffle().tickInterval(),
                runtime.sessionTimeout(),
                runtime.transactionTimeout(),
                runtime.stateDir(),
                runtime.stateMemoryBytes(),
                definition.shuffle().maxRecordBytes(),
                runtime.metricsPort(),
                definition.join().standbys());
        return new ContainerSettings(
                pipeline,
                "join",
                instance,
                number,
                List.of(topics.shuffled()),
                false,
                Map.of(topics.joined(), partitions, topics.unmatched(), partitions),
                topics.deadLetter(),
                Optional.of(topics.joinChangelog()));
    }

    /**
     * How far event time has come for a task of this job, milliseconds since the epoch; {@code Long.MIN_VALUE} before there
     * is a watermark. To be asked by the container's thread.
     */
    public static long watermark(Task task) {
        return task.watermark();
    }

    @Override
    public void declare(Measures measures) {
        measures.unmatched(Arrays.stream(Reason.values()).map(Reason::text).toList());
        measures.deadLetters(JoinTask.DEAD_LETTERS);
    }

    @Override
    public Task open(TaskContext context) {
        return new JoinTask(definition, forcedAtOnce, context);
    }
}
