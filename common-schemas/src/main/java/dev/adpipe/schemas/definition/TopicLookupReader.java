package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.payload.FieldPath;
import java.util.Optional;

/** A lookup of type {@code topic}. */
final class TopicLookupReader {
    private TopicLookupReader() {}

    static Optional<TopicLookup> read(ConfigReader in) {
        Setting<String> topic = in.text("topic").require(StreamsBlock::isTopic, StreamsBlock.TOPIC_RULE);
        Setting<FieldPath> key = path(in, "key");
        Setting<FieldPath> value = path(in, "value");
        return topic.value().map(t -> new TopicLookup(t, key.value(), value.value()));
    }

    private static Setting<FieldPath> path(ConfigReader in, String key) {
        return in.ifGiven(key, in::text)
                .parse(
                        FieldPath::parse,
                        "is no field path: names joined by dots, an array's element as name[0], for example imp[0].id");
    }
}
