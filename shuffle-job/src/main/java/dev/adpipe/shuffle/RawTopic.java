package dev.adpipe.shuffle;

import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.PayloadElement;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.PayloadReader;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One raw topic: how its records are read, once for all the streams that it carries, but for those that split them. */
final class RawTopic {
    private final PayloadReader reader;
    private final List<EventRoute> routes;
    /** One stream takes all records and reads them itself, so that nothing needs to be known of them before. */
    private final boolean unread;

    private RawTopic(PayloadReader reader, List<EventRoute> routes, boolean unread) {
        this.reader = reader;
        this.routes = List.copyOf(routes);
        this.unread = unread;
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
        return new RawTopic(PayloadReader.of(format, paths), routes, paths.isEmpty() && routes.size() == 1);
    }

    /**
     * What each stream that wants the record gets of it. Everything is read here, so that a record whose schema cannot be
     * had now has left no trace.
     *
     * @param mostBytes the events of one stream may have so many together
     * @throws Refusal                            if it is of no use to any stream
     * @throws SchemaRegistryUnavailableException if it must be tried again later
     */
    List<Share> read(byte[] value, long mostBytes) throws Refusal {
        if (unread) {
            return List.of(share(routes.get(0), value, null, mostBytes));
        }
        PayloadFields fields = fields(value);
        List<Share> shares = new ArrayList<>();
        for (EventRoute route : routes) {
            if (route.wants(fields)) {
                shares.add(share(route, value, fields, mostBytes));
            }
        }
        if (shares.isEmpty()) {
            throw new Refusal(
                    "no-stream",
                    "no stream of this topic wants the record: "
                            + routes.stream().map(route -> route.whyNot(fields)).collect(Collectors.joining("; ")));
        }
        return shares;
    }

    private PayloadFields fields(byte[] value) throws Refusal {
        try {
            return reader.read(value);
        } catch (MalformedPayloadException e) {
            throw new Refusal(e.reason(), e.getMessage());
        }
    }

    private static Share share(EventRoute route, byte[] value, PayloadFields fields, long mostBytes) {
        try {
            List<PayloadElement> events = route.events(value, fields, mostBytes);
            Optional<PayloadFields> none =
                    events.isEmpty() ? Optional.of(route.withoutEvents(value)) : Optional.empty();
            return new Share(route, events, none, Optional.empty());
        } catch (MalformedPayloadException e) {
            return new Share(route, List.of(), Optional.empty(), Optional.of(new Refusal(e.reason(), e.getMessage())));
        }
    }
}
