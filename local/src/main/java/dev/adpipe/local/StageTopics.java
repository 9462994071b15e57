package dev.adpipe.local;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * What a stage reads and writes.
 *
 * @param raw whether the inputs are somebody else's, and may get more partitions
 */
record StageTopics(String stage, List<String> inputs, boolean raw, List<String> outputs) {

    static StageTopics of(PipelineDefinition definition, PipelineStage stage) {
        String name = stage.name().toLowerCase(Locale.ROOT);
        return of(definition).stream()
                .filter(topics -> topics.stage().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * All that the stage reads.
     *
     * @throws CommandException if a topic is missing
     */
    List<TopicPartition> inputPartitions(PipelineDefinition definition, Admin admin) {
        Map<String, TopicDescription> topics = TopicProvisioner.describe(admin, inputs);
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : inputs) {
            TopicDescription description = topics.get(topic);
            if (description == null) {
                throw CommandException.failed(
                        "topic " + topic + " does not exist: the pipeline is not provisioned here."
                                + " Run: adpipe provision " + definition.source());
            }
            description.partitions().forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
        }
        return partitions;
    }

    /** The three stages, in the order of a record's way. */
    static List<StageTopics> of(PipelineDefinition definition) {
        Topics t = definition.topics();
        return List.of(
                new StageTopics("shuffle", definition.rawTopics(), true, List.of(t.shuffled())),
                new StageTopics(
                        "join", List.of(t.shuffled()), false, List.of(t.joined(), t.unmatched(), t.joinChangelog())),
                new StageTopics("output", List.of(t.joined()), false, List.of(t.rows())));
    }
}
