package dev.adpipe.join;

import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.PipelineSettings;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.RuntimeSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The join of one pipeline: {@code <p>.shuffled} to {@code <p>.joined} and {@code <p>.unmatched}. */
public final class JoinJob implements Job {
    private final PipelineDefinition definition;

    /**
     * @throws IllegalArgumentException if the definition asks for {@code emit = on-close}, which this program cannot do
     */
    public JoinJob(PipelineDefinition definition) {
        if (definition.join().emit() != Emit.EAGER) {
            throw new IllegalArgumentException(definition.source()
                    + ": join.emit = on-close is not supported by this version of adpipe: set join.emit = eager");
        }
        this.definition = definition;
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
                runtime.metricsPort());
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
        return ((JoinTask) task).watermark();
    }

    @Override
    public Task open(TaskContext context) {
        return new JoinTask(definition, context);
    }
}
