package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is particular to one customer's pipeline, read from one HOCON file.
 *
 * @param source  the file it was read from
 * @param kafka   properties of the Kafka clients, {@code bootstrap.servers} among them; values may be secrets
 * @param tenant  the customer as a user of the cluster, if the cluster keeps customers apart
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
        RuntimeSettings runtime,
        Optional<TenantSettings> tenant) {

    public PipelineDefinition {
        kafka = Map.copyOf(kafka);
        streams = List.copyOf(streams);
    }

    /** Without a tenant. */
    public PipelineDefinition(
            Path source,
            String customer,
            String name,
            Map<String, String> kafka,
            List<StreamDefinition> streams,
            ShuffleSettings shuffle,
            JoinSettings join,
            OutputSettings output,
            RuntimeSettings runtime) {
        this(source, customer, name, kafka, streams, shuffle, join, output, runtime, Optional.empty());
    }

    /** The names of this pipeline's topics, groups and transactional ids. */
    public Topics topics() {
        return new Topics(customer + "." + name);
    }

    /** Raw topics of all streams, each once, in the order of their first mention. */
    public List<String> rawTopics() {
        return streams.stream().flatMap(s -> s.topics().stream()).distinct().toList();
    }

    /**
     * The same pipeline under a name of its own, {@code <name>-replay-<suffix>}: topics, groups, ids, local state and Druid
     * datasource apart from this one's, and no port of metrics, which this one may have taken.
     *
     * @param suffix small letters, digits and hyphens
     * @throws IllegalArgumentException if the suffix is no such name, or too long
     */
    public PipelineDefinition replay(String suffix) {
        String replayName = name + "-replay-" + suffix;
        if (!PipelineBlock.NAME.matcher(suffix).matches()) {
            throw new IllegalArgumentException("the name '" + suffix + "' " + PipelineBlock.NAME_RULE);
        }
        int length = customer.length() + 1 + replayName.length();
        if (length > PipelineBlock.LONGEST_PREFIX) {
            throw new IllegalArgumentException("the name '" + suffix + "' is too long: topics would begin with "
                    + customer + "." + replayName + ", " + length + " characters; at most "
                    + PipelineBlock.LONGEST_PREFIX + " leave room for the names of topics, groups and clients");
        }
        return new PipelineDefinition(
                source,
                customer,
                replayName,
                kafka,
                streams,
                shuffle,
                join,
                output.withSink(output.sink().replay(suffix)),
                runtime.withoutMetrics(),
                tenant);
    }

    /** Never prints the values of client properties: they may be secrets. */
    @Override
    public String toString() {
        return "PipelineDefinition[" + customer + "." + name + " from " + source + "]";
    }
}
