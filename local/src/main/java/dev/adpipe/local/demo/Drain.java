package dev.adpipe.local.demo;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows the last records through the stages: the ends of a stage's inputs are taken when the stage before is done, so
 * ticks that come later do not count. Held events may stay held. Used by one thread.
 */
final class Drain {
    private final Admin admin;
    private final Deque<Stage> stages = new ArrayDeque<>();
    private Map<TopicPartition, Long> ends;

    private record Stage(String name, String group, Collection<TopicPartition> inputs) {}

    /** To be made when nothing is written to the raw topics any more. */
    Drain(PipelineDefinition definition, int rawPartitions, Admin admin) {
        this.admin = admin;
        Topics topics = definition.topics();
        int partitions = definition.shuffle().partitions();
        stages.add(new Stage("shuffle", topics.group("shuffle"), partitions(definition.rawTopics(), rawPartitions)));
        stages.add(new Stage("join", topics.group("join"), partitions(List.of(topics.shuffled()), partitions)));
        stages.add(new Stage("output", topics.group("output"), partitions(List.of(topics.joined()), partitions)));
    }

    /** Looks again; gives the stage that still has work, empty when all is done. */
    Optional<String> waitingFor() {
        while (!stages.isEmpty()) {
            Stage stage = stages.peek();
            if (ends == null) {
                ends = StageOffsets.ends(admin, stage.inputs());
            }
            if (!StageOffsets.of(admin, stage.group()).reached(ends)) {
                return Optional.of(stage.name());
            }
            stages.remove();
            ends = null;
        }
        return Optional.empty();
    }

    static List<TopicPartition> partitions(Collection<String> topics, int count) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, count).mapToObj(p -> new TopicPartition(topic, p)))
                .toList();
    }
}
