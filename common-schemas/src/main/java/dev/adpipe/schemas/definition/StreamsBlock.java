package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The list {@code streams}: the funnel as a whole, and raw topics that several streams share. */
final class StreamsBlock {
    static final String TOPIC_RULE = "is no name of a topic: 1 to 249 letters, digits, '.', '_' and '-'";

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final List<StreamBlock> streams = new ArrayList<>();

    StreamsBlock(ConfigReader in, Optional<Topics> own) {
        Setting<List<ConfigReader>> list = in.blocks("streams", Reference.each("stream"), "");
        List<ConfigReader> readers = list.value().orElse(List.of());
        for (int i = 0; i < readers.size(); i++) {
            streams.add(new StreamBlock(readers.get(i), i == 0));
        }
        new Setting<>(in.at("streams").showing(readers.size() + " streams"), list.value())
                .require(l -> l.size() >= 2, "must be at least 2: a root, and what follows it");
        checkNames();
        streams.forEach(s -> s.topics.value().ifPresent(names -> names.forEach(t -> checkTopic(t, s.topics, own))));
        sharing().forEach(StreamsBlock::checkShared);
    }

    /** In funnel order; empty if there is a mistake in one, so that nobody is told of a stream that is not there. */
    Optional<List<String>> names() {
        boolean complete = !streams.isEmpty() && streams.stream().allMatch(s -> s.name.isPresent());
        return complete ? Optional.of(streams.stream().map(s -> s.name.get()).toList()) : Optional.empty();
    }

    /** {@code within} of all streams that have one. */
    List<Duration> windows() {
        return streams.stream().flatMap(s -> s.within.value().stream()).toList();
    }

    List<StreamDefinition> toDefinitions() {
        return streams.stream().map(StreamBlock::toDefinition).toList();
    }

    private void checkNames() {
        Set<String> seen = new HashSet<>();
        for (StreamBlock stream : streams) {
            stream.name = stream.name.require(seen::add, "is the name of a stream before it; names must differ");
        }
    }

    static boolean isTopic(String name) {
        return TOPIC.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /** The broker takes '.' and '_' for the same where it names metrics, and refuses a topic that differs only so. */
    private static void checkTopic(String topic, Setting<List<String>> at, Optional<Topics> own) {
        if (!isTopic(topic)) {
            at.reject("'" + topic + "' " + TOPIC_RULE);
        }
        for (String ours : own.map(Topics::all).orElse(List.of())) {
            if (topic.replace('_', '.').equals(ours.replace('_', '.'))) {
                at.reject("'" + topic + "' is the pipeline's own topic " + ours + "; name a raw topic");
            }
        }
    }

    private Map<String, List<StreamBlock>> sharing() {
        Map<String, List<StreamBlock>> byTopic = new LinkedHashMap<>();
        for (StreamBlock stream : streams) {
            for (String topic : stream.topics.value().orElse(List.of())) {
                byTopic.computeIfAbsent(topic, t -> new ArrayList<>()).add(stream);
            }
        }
        return byTopic;
    }

    private static void checkShared(String topic, List<StreamBlock> streams) {
        if (streams.size() < 2) {
            return;
        }
        StreamBlock first = streams.get(0);
        Set<StreamDefinition.Where> seen = new HashSet<>();
        String shared = "raw topic '" + topic + "' carries several streams; ";
        for (StreamBlock stream : streams) {
            if (!stream.whereGiven) {
                stream.topics.reject(shared + "each needs a where { field, equals } to tell its events apart");
            }
            stream.where.require(seen::add, shared + "another one has the same where");
            if (first.format.isPresent()) {
                stream.format.require(first.format.get()::equals, shared + "all must have the format of the first");
            }
            if (first.start.isPresent()) {
                stream.start.require(first.start.get()::equals, shared + "all must have the start of the first");
            }
        }
    }
}
