package dev.adpipe.shuffle;

import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.BadTimeException;
import dev.adpipe.schemas.payload.ElementReader;
import dev.adpipe.schemas.payload.EventTimes;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.NoScalar;
import dev.adpipe.schemas.payload.PayloadElement;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.Scalars;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What one stream wants of a raw record: whether it is of the stream, its events, and each event's key, id and time. */
final class EventRoute {
    private final StreamDefinition stream;
    private final KeyPaths key;
    private final KeyPaths id;
    private final int time;
    private final int where;
    private final Optional<ElementReader> elements;

    /**
     * @param record takes the paths that the stream wants to be read in whole records; their positions in it are their
     *               numbers
     * @throws IllegalArgumentException if a schema file cannot be read
     */
    EventRoute(StreamDefinition stream, List<FieldPath> record) {
        this.stream = stream;
        List<FieldPath> paths = stream.forEach().isPresent() ? new ArrayList<>() : record;
        this.key = new KeyPaths(
                "the join key of stream " + stream.name(), stream.key(), paths.size(), "no-key", "bad-key");
        paths.addAll(stream.key());
        this.id = new KeyPaths(
                "the event id of stream " + stream.name(), stream.eventId(), paths.size(), "no-id", "bad-id");
        paths.addAll(stream.eventId());
        this.time = paths.size();
        paths.add(stream.time().field());
        this.where = record.size();
        stream.where().ifPresent(condition -> record.add(condition.field()));
        this.elements = stream.forEach().map(path -> ElementReader.of(stream.format(), path, paths));
    }

    String stream() {
        return stream.name();
    }

    boolean wants(PayloadFields fields) {
        if (stream.where().isEmpty()) {
            return true;
        }
        Optional<String> text = Scalars.plainText(fields.value(where));
        return text.isPresent() && text.get().equals(stream.where().get().equalTo());
    }

    /** For the explanation of a record that no stream wants. */
    String whyNot(PayloadFields fields) {
        StreamDefinition.Where condition = stream.where().orElseThrow();
        Object value = fields.value(where);
        return "field " + condition.field() + " "
                + (value instanceof NoScalar ? value.toString() : "is " + Scalars.quote(value))
                + ", stream " + stream.name() + " takes '" + condition.equalTo() + "'";
    }

    /**
     * The events in a record that the stream wants.
     *
     * @param fields    of the whole record; not looked at by a stream that splits records
     * @param mostBytes all events together may have so many
     * @throws MalformedPayloadException          if the record cannot be split
     * @throws SchemaRegistryUnavailableException if that must be tried again later
     */
    List<PayloadElement> events(byte[] value, PayloadFields fields, long mostBytes) {
        return elements.isPresent()
                ? elements.get().read(value, mostBytes)
                : List.of(new PayloadElement(ByteBuffer.wrap(value), fields));
    }

    /** Of a record that {@link #events} finds no events in. */
    PayloadFields withoutEvents(byte[] value) {
        return elements.orElseThrow().fields(value);
    }

    /** For the explanation of what is wrong with one of several events: which one; empty if records are not split. */
    String which(int number, int count) {
        return stream.forEach()
                .map(path -> "element " + (number + 1) + " of " + count + " in " + path + ": ")
                .orElse("");
    }

    byte[] key(PayloadFields fields) throws Refusal {
        return key.bytes(fields);
    }

    String id(PayloadFields fields) throws Refusal {
        return id.text(fields);
    }

    /** Milliseconds since the epoch, not further ahead of the clock than {@code maxSkew}. */
    long time(PayloadFields fields, long clock, Duration maxSkew) throws Refusal {
        Object value = fields.value(time);
        if (value == NoScalar.MISSING || value == NoScalar.NULL) {
            throw new Refusal("no-time", "field " + stream.time().field() + " " + value + timeOf());
        }
        if (value instanceof NoScalar) {
            throw new Refusal(
                    BadTimeException.BAD_TIME, "field " + stream.time().field() + " " + value + timeOf());
        }
        if (value instanceof String text && text.isBlank()) {
            throw new Refusal("no-time", "field " + stream.time().field() + " is empty" + timeOf());
        }
        long millis;
        try {
            millis = EventTimes.parse(value, stream.time().format());
        } catch (BadTimeException e) {
            throw new Refusal(e.reason(), "field " + stream.time().field() + ": " + e.getMessage());
        }
        if (millis > clock + maxSkew.toMillis()) {
            throw new Refusal(
                    "future-time",
                    "field " + stream.time().field() + " is " + Scalars.quote(value) + ", which is "
                            + Duration.ofMillis(millis - clock) + " ahead of the clock here, "
                            + Instant.ofEpochMilli(clock) + "; shuffle.max-skew allows " + maxSkew);
        }
        return millis;
    }

    /**
     * How far the stream has come, told by a record without events; empty if that has no usable time, as when the time
     * stands in the elements.
     */
    OptionalLong timeOfNone(PayloadFields fields, long clock, Duration maxSkew) {
        try {
            return OptionalLong.of(time(fields, clock, maxSkew));
        } catch (Refusal e) {
            return OptionalLong.empty(); // nothing is lost: there is no event
        }
    }

    private String timeOf() {
        return "; the event time of stream " + stream.name() + " is taken from it";
    }
}
