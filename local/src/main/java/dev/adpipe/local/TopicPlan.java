package dev.adpipe.local;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one of a pipeline's own topics has to be.
 *
 * @param configs what {@code provision} sets and keeps; other settings of the topic are the operator's
 */
record TopicPlan(String name, int partitions, Map<String, String> configs) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    /** Room for the envelope, the key and the headers around a payload. */
    private static final long ENVELOPE = 64 * KIB;
    /** Room for what the join remembers of one key besides the payload that has just come. */
    private static final long KEY_STATE = 512 * KIB;

    private static final Duration WORKING = Duration.ofDays(7);
    private static final Duration EVIDENCE = Duration.ofDays(30);

    TopicPlan {
        configs = Map.copyOf(configs);
    }

    /** All of the pipeline's own topics, in the order of a record's way. */
    static List<TopicPlan> of(PipelineDefinition definition) {
        Topics topics = definition.topics();
        int partitions = definition.shuffle().partitions();
        long one = definition.shuffle().maxRecordBytes();
        long chain = one * definition.streams().size();
        return List.of(
                working(topics.shuffled(), partitions, one + ENVELOPE, WORKING),
                working(topics.joined(), partitions, chain + ENVELOPE, WORKING),
                working(topics.rows(), partitions, chain + ENVELOPE, WORKING),
                working(topics.unmatched(), partitions, one + ENVELOPE, EVIDENCE),
                working(topics.deadLetter(), partitions, one + ENVELOPE, EVIDENCE),
                changelog(topics.joinChangelog(), partitions, one + KEY_STATE));
    }

    private static TopicPlan working(String name, int partitions, long maxMessageBytes, Duration retention) {
        Map<String, String> configs = common(maxMessageBytes);
        configs.put("retention.ms", Long.toString(retention.toMillis()));
        return new TopicPlan(name, partitions, configs);
    }

    /** Shortened by the join alone (DESIGN S4), whole segments at a time: so these are small, yet hold any message. */
    private static TopicPlan changelog(String name, int partitions, long maxMessageBytes) {
        Map<String, String> configs = common(maxMessageBytes);
        configs.put("retention.ms", "-1");
        configs.put("retention.bytes", "-1");
        configs.put("segment.bytes", bytes(Math.max(32 * MIB, maxMessageBytes)));
        return new TopicPlan(name, partitions, configs);
    }

    private static Map<String, String> common(long maxMessageBytes) {
        Map<String, String> configs = new TreeMap<>();
        configs.put("message.timestamp.type", "LogAppendTime");
        configs.put("cleanup.policy", "delete");
        configs.put("compression.type", "producer");
        configs.put("max.message.bytes", bytes(maxMessageBytes));
        return configs;
    }

    private static String bytes(long value) {
        return Long.toString(Math.min(value, Integer.MAX_VALUE));
    }
}
