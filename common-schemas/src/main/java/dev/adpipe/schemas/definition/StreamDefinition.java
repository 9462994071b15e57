package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.payload.FieldPath;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One kind of event, and where shuffle finds key, id and time in it.
 *
 * @param topics   raw topics that carry it
 * @param key      paths of the join key; more than one make a composite
 * @param eventId  paths of the event id; more than one make a composite
 * @param where    which records of a shared raw topic are of this stream; empty: all
 * @param within   window after the parent; zero for the first stream
 * @param optional used as a parent if it is there, never waited for
 * @param firstOnly a second event of this stream under one key is {@code repeat}
 * @param start    where a raw topic is read from when the pipeline is provisioned
 * @param forEach  the array whose elements are the events, names only; empty: each record is one event. With it, the paths
 *                 of key, event id and time go on in the element as if there were no array
 */
public record StreamDefinition(
        String name,
        List<String> topics,
        PayloadFormat format,
        List<FieldPath> key,
        List<FieldPath> eventId,
        TimeField time,
        Optional<Where> where,
        Duration within,
        boolean optional,
        boolean firstOnly,
        Start start,
        Optional<FieldPath> forEach) {

    /** A stream of which each record is one event. */
    public StreamDefinition(
            String name,
            List<String> topics,
            PayloadFormat format,
            List<FieldPath> key,
            List<FieldPath> eventId,
            TimeField time,
            Optional<Where> where,
            Duration within,
            boolean optional,
            boolean firstOnly,
            Start start) {
        this(name, topics, format, key, eventId, time, where, within, optional, firstOnly, start, Optional.empty());
    }

    public StreamDefinition {
        topics = List.copyOf(topics);
        key = List.copyOf(key);
        eventId = List.copyOf(eventId);
    }

    /** Event time: its path and how it is written. */
    public record TimeField(FieldPath field, TimeFormat format) {}

    /** A record is of this stream if the field, as text, equals the value. */
    public record Where(FieldPath field, String equalTo) {}

    /** {@code iso-8601 | epoch-seconds | epoch-millis | epoch-micros}. */
    public enum TimeFormat {
        ISO_8601,
        EPOCH_SECONDS,
        EPOCH_MILLIS,
        EPOCH_MICROS
    }

    /** {@code earliest | latest}. */
    public enum Start {
        EARLIEST,
        LATEST
    }
}
