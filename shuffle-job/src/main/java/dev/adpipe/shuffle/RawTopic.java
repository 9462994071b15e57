package dev.adpipe.shuffle;

import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.PayloadReader;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One raw topic: how its records are read, once for all the streams that it carries. */
final class RawTopic {
    private final PayloadReader reader;
    private final List<EventRoute> routes;

    private RawTopic(PayloadReader reader, List<EventRoute> routes) {
        this.reader = reader;
        this.routes = List.copyOf(routes);
    }

    /**
     * @throws IllegalArgumentException if the streams of the topic disagree on its format, or a schema file cannot be read
     */
    static RawTopic of(PipelineDefinition definition, String topic) {
        List<StreamDefinition> streams = definition.streams().stream()
                .filter(stream -> stream.topics().contains(topic))
                .toList();
        PayloadFormat format = streams.get(0).format();
        List<FieldPath> paths = new ArrayList<>();
        List<EventRoute> routes = new ArrayList<>();
        for (StreamDefinition stream : streams) {
            if (!stream.format().equals(format)) {
                throw new IllegalArgumentException("the raw topic " + topic + " carries the streams "
                        + streams.get(0).name() + " and " + stream.name()
                        + ", which must have the same format in " + definition.source());
            }
            routes.add(new EventRoute(stream, paths));
        }
        return new RawTopic(PayloadReader.of(format, paths), routes);
    }

    List<EventRoute> routes() {
        return routes;
    }

    /**
     * @throws SchemaRegistryUnavailableException if it must be tried again later
     */
    PayloadFields read(byte[] value) throws Refusal {
        try {
            return reader.read(value);
        } catch (MalformedPayloadException e) {
            throw new Refusal(e.reason(), e.getMessage());
        }
    }

    /** Why none of the streams wants the record. */
    Refusal noStream(PayloadFields fields) {
        return new Refusal(
                "no-stream",
                "no stream of this topic wants the record: "
                        + routes.stream().map(route -> route.whyNot(fields)).collect(Collectors.joining("; ")));
    }
}
