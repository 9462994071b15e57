package dev.adpipe.shuffle;

import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.Measures;
import dev.adpipe.runtime.PipelineSettings;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.runtime.TickContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.ShuffleSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends raw events on under their join key, and tells by ticks how far each raw partition has come (DESIGN §2, §4).
 *
 * <p>Used by the container's thread only; one object per container.
 */
public final class ShuffleJob implements Job {
    private final ShuffleSettings settings;
    private final String shuffledTopic;
    private final Map<String, RawTopic> topics = new HashMap<>();

    /**
     * Reads the schema files that the definition names; asks no registry yet.
     *
     * @throws IllegalArgumentException if a schema file cannot be read, or streams of one topic disagree on its format
     */
    public ShuffleJob(PipelineDefinition definition) {
        this.settings = definition.shuffle();
        this.shuffledTopic = definition.topics().shuffled();
        for (String topic : definition.rawTopics()) {
            topics.put(topic, RawTopic.of(definition, topic));
        }
    }

    /** What the container of this job is told. */
    public static ContainerSettings settings(PipelineDefinition definition, String instance, int number) {
        PipelineSettings pipeline = new PipelineSettings(
                definition.customer(),
                definition.name(),
                definition.kafka(),
                definition.runtime().commitInterval(),
                definition.shuffle().tickInterval(),
                definition.runtime().sessionTimeout(),
                definition.runtime().transactionTimeout(),
                definition.runtime().stateDir(),
                definition.runtime().stateMemoryBytes(),
                definition.shuffle().maxRecordBytes(),
                definition.runtime().metricsPort(),
                definition.join().standbys());
        return new ContainerSettings(
                pipeline,
                "shuffle",
                instance,
                number,
                definition.rawTopics(),
                true,
                Map.of(definition.topics().shuffled(), definition.shuffle().partitions()),
                definition.topics().deadLetter(),
                Optional.empty());
    }

    @Override
    public void declare(Measures measures) {
        measures.deadLetters(Refusal.REASONS);
    }

    @Override
    public Task open(TaskContext context) {
        RawTopic topic = topics.get(context.input().topic());
        if (topic == null) {
            throw new IllegalArgumentException(
                    context.input() + " is of no raw topic of the definition: " + topics.keySet());
        }
        return new ShuffleTask(settings, shuffledTopic, topic, context);
    }

    @Override
    public boolean ticks() {
        return true;
    }

    /** One tick into every shuffled partition, so that each join task hears of every raw partition. */
    @Override
    public void tick(TickContext context, Collector out) {
        if (context.inputs().isEmpty()) {
            return;
        }
        List<RawPartition> partitions = new ArrayList<>();
        for (TickContext.Input input : context.inputs()) {
            partitions.add(progress(input, context.clock()));
        }
        byte[] tick = EnvelopeCodec.encode(new ProgressTick(context.containerId(), context.clock(), partitions));
        for (int partition = 0; partition < settings.partitions(); partition++) {
            out.send(shuffledTopic, partition, null, tick);
        }
    }

    private RawPartition progress(TickContext.Input input, long clock) {
        ShuffleTask task = (ShuffleTask) input.task();
        long sinceLastRecord = Math.max(0, clock - task.lastRecord());
        return new RawPartition(
                input.partition().topic(),
                input.partition().partition(),
                input.partitionCount(),
                task.highestEventTime(),
                sinceLastRecord,
                input.caughtUp() && sinceLastRecord >= settings.idleAfter().toMillis());
    }
}
