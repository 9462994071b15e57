package dev.adpipe.shuffle;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.runtime.Partitioning;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.ShuffleSettings;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One raw partition. A record becomes one event for each stream that wants it, usually one; each of these is sent or is a
 * dead letter by itself.
 */
final class ShuffleTask implements Task {
    private static final String HIGHEST_TIME = "h:";

    private final ShuffleSettings settings;
    private final String shuffledTopic;
    private final RawTopic topic;
    private final Books books;
    private final Clock clock;
    private OptionalLong highestEventTime;
    private long lastRecord;

    ShuffleTask(ShuffleSettings settings, String shuffledTopic, RawTopic topic, TaskContext context) {
        this.settings = settings;
        this.shuffledTopic = shuffledTopic;
        this.topic = topic;
        this.books = context.books();
        this.clock = context.clock();
        this.highestEventTime = parseMetadata(context);
        this.lastRecord = clock.millis();
    }

    @Override
    public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
        long now = clock.millis();
        try {
            PayloadFields fields = read(record.value());
            books.countIn();
            send(record, fields, now, out);
        } catch (Refusal refusal) {
            books.countIn();
            refuse(record, refusal, out);
        }
        lastRecord = now;
    }

    /** Nothing is counted before this returns: a record whose schema cannot be fetched now will come again. */
    private PayloadFields read(byte[] value) throws Refusal {
        if (value == null) {
            throw new Refusal("null-value", "the record has no value (a tombstone); an event needs one");
        }
        if (value.length > settings.maxRecordBytes()) {
            throw new Refusal(
                    "too-large",
                    "the value has " + value.length + " bytes; shuffle.max-record-bytes allows "
                            + settings.maxRecordBytes());
        }
        try {
            return topic.read(value);
        } catch (SchemaRegistryUnavailableException e) {
            throw new NotReadyException(e.getMessage(), e);
        }
    }

    private void send(ConsumerRecord<byte[], byte[]> record, PayloadFields fields, long now, Collector out) {
        int events = 0;
        for (EventRoute route : topic.routes()) {
            if (!route.wants(fields)) {
                continue;
            }
            if (events++ > 0) {
                books.countAdded(1);
            }
            try {
                send(route, record.value(), fields, now, out);
            } catch (Refusal refusal) {
                refuse(record, refusal, out);
            }
        }
        if (events == 0) {
            refuse(record, topic.noStream(fields), out);
        }
    }

    private void send(EventRoute route, byte[] value, PayloadFields fields, long now, Collector out) throws Refusal {
        byte[] key = route.key(fields);
        String id = route.id(fields);
        long time = route.time(fields, now, settings.maxSkew());
        ShuffledEvent event = new ShuffledEvent(
                route.stream(), id, time, fields.encoding(), fields.schemaId(), ByteBuffer.wrap(value));
        int partition = Partitioning.partition(key, settings.partitions());
        out.send(shuffledTopic, partition, key, EnvelopeCodec.encode(event));
        books.countEmitted();
        long capped = Math.min(time, now);
        if (highestEventTime.isEmpty() || capped > highestEventTime.getAsLong()) {
            highestEventTime = OptionalLong.of(capped);
        }
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, Refusal refusal, Collector out) {
        out.deadLetter(record, refusal.reason(), refusal.getMessage());
        books.countDeadLettered(refusal.reason());
    }

    @Override
    public Books books() {
        return books;
    }

    /** Highest event time sent, capped by the clock of that moment: {@code h:<millis>}; empty before the first. */
    @Override
    public String metadata() {
        return highestEventTime.isPresent() ? HIGHEST_TIME + highestEventTime.getAsLong() : "";
    }

    OptionalLong highestEventTime() {
        return highestEventTime;
    }

    /** When a record came last, dead letters included; at first, when this task took over. */
    long lastRecord() {
        return lastRecord;
    }

    private static OptionalLong parseMetadata(TaskContext context) {
        String metadata = context.metadata();
        if (metadata.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            if (metadata.startsWith(HIGHEST_TIME)) {
                return OptionalLong.of(Long.parseLong(metadata.substring(HIGHEST_TIME.length())));
            }
        } catch (NumberFormatException e) {
            // Told below, as any other text that this task never wrote.
        }
        throw new IllegalStateException("the committed offset of " + context.input() + " carries the metadata '"
                + metadata + "', not " + HIGHEST_TIME
                + "<milliseconds>: it was committed by something other than adpipe's shuffle of this version");
    }
}
