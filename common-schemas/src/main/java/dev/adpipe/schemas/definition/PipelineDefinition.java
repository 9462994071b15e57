package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that is particular to one customer's pipeline, read from one HOCON file.
 *
 * @param source  the file it was read from
 * @param kafka   properties of the Kafka clients, {@code bootstrap.servers} among them; values may be secrets
 * @param streams in funnel order, two or more; the first is the root
 */
public record PipelineDefinition(
        Path source,
        String customer,
        String name,
        Map<String, String> kafka,
        List<StreamDefinition> streams,
        ShuffleSettings shuffle,
        JoinSettings join,
        OutputSettings output,
        RuntimeSettings runtime) {

    public PipelineDefinition {
        kafka = Map.copyOf(kafka);
        streams = List.copyOf(streams);
    }

    /** The names of this pipeline's topics, groups and transactional ids. */
    public Topics topics() {
        return new Topics(customer + "." + name);
    }

    /** Raw topics of all streams, each once, in the order of their first mention. */
    public List<String> rawTopics() {
        return streams.stream().flatMap(s -> s.topics().stream()).distinct().toList();
    }

    /** Never prints the values of client properties: they may be secrets. */
    @Override
    public String toString() {
        return "PipelineDefinition[" + customer + "." + name + " from " + source + "]";
    }
}
