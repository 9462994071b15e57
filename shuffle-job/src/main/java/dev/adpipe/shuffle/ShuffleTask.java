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
import dev.adpipe.schemas.payload.PayloadElement;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.Scalars;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One raw partition. A record becomes one event for each stream that wants it, usually one, or for each element.
 *
 * <p>All events of a record are sent or none: if one of them, of whichever stream, is of no use, the record is one dead
 * letter, and its replay sends each event once.
 */
final class ShuffleTask implements Task {
    private static final String HIGHEST_TIME = "h:";

    /**
     * Every event of a record carries what is outside the array: many elements of a large record would be its square. All
     * together may have so many times the record's bytes, or as many as one record may have, if that is more.
     */
    private static final long MOST_TIMES = 64;

    private final ShuffleSettings settings;
    private final String shuffledTopic;
    private final RawTopic topic;
    private final Books books;
    private final Clock clock;
    private OptionalLong highestEventTime;
    private long lastRecord;
    private long newestTime = Long.MIN_VALUE;

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
            List<Share> shares = read(record.value());
            List<Ready> all = new ArrayList<>();
            boolean telling = false;
            for (Share share : shares) {
                all.addAll(prepare(share, now));
                telling = telling || !share.events().isEmpty();
            }
            for (Share share : shares) {
                OptionalLong none = timeOfNone(share, now);
                none.ifPresent(time -> seen(time, now));
                telling = telling || none.isPresent();
            }
            books.countIn();
            all.forEach(ready -> send(ready, now, out));
            // None, if all arrays are empty: then one is taken back.
            books.countAdded(all.size() - 1L);
            if (telling) {
                lastRecord = now;
            }
        } catch (Refusal refusal) {
            books.countIn();
            refuse(record, refusal, out);
            lastRecord = now;
        }
    }

    /**
     * A partition that has records without events only must not hold back the others: either they tell how far it is, or
     * they do not count and it falls idle.
     */
    private OptionalLong timeOfNone(Share share, long now) {
        return share.withoutEvents().isPresent()
                ? share.route().timeOfNone(share.withoutEvents().get(), now, settings.maxSkew())
                : OptionalLong.empty();
    }

    /** Nothing is counted before this returns: a record whose schema cannot be fetched now will come again. */
    private List<Share> read(byte[] value) throws Refusal {
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
            return topic.read(value, Math.max(settings.maxRecordBytes(), MOST_TIMES * value.length));
        } catch (SchemaRegistryUnavailableException e) {
            throw new NotReadyException(e.getMessage(), e);
        }
    }

    /** One event of which nothing can be refused any more. */
    private record Ready(byte[] key, ShuffledEvent event) {}

    private List<Ready> prepare(Share share, long now) throws Refusal {
        if (share.refusal().isPresent()) {
            throw share.refusal().get();
        }
        List<Ready> all = new ArrayList<>(share.events().size());
        EventRoute route = share.route();
        int count = share.events().size();
        for (int i = 0; i < count; i++) {
            try {
                all.add(prepare(route, share.events().get(i), now));
            } catch (Refusal refusal) {
                throw new Refusal(refusal.reason(), route.which(i, count) + refusal.getMessage());
            }
        }
        if (count > 1) {
            requireDistinct(route, all);
        }
        return all;
    }

    private Ready prepare(EventRoute route, PayloadElement element, long now) throws Refusal {
        PayloadFields fields = element.fields();
        byte[] key = route.key(fields);
        String id = route.id(fields);
        long time = route.time(fields, now, settings.maxSkew());
        return new Ready(
                key,
                new ShuffledEvent(route.stream(), id, time, fields.encoding(), fields.schemaId(), element.payload()));
    }

    /** The join would take the second of two elements with one key and id for a copy of the first, and drop it. */
    private static void requireDistinct(EventRoute route, List<Ready> all) throws Refusal {
        record Identity(ByteBuffer key, String id) {}

        Set<Identity> seen = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            String id = all.get(i).event().eventId();
            if (!seen.add(new Identity(ByteBuffer.wrap(all.get(i).key()), id))) {
                throw new Refusal(
                        "same-id",
                        route.which(i, all.size()) + "has the join key and the event id " + Scalars.quote(id)
                                + " of one before it, and would count as its copy; stream " + route.stream()
                                + " needs them to differ within a record");
            }
        }
    }

    private void send(Ready ready, long now, Collector out) {
        int partition = Partitioning.partition(ready.key(), settings.partitions());
        out.send(shuffledTopic, partition, ready.key(), EnvelopeCodec.encode(ready.event()));
        books.countEmitted();
        seen(ready.event().eventTime(), now);
    }

    private void seen(long eventTime, long now) {
        long capped = Math.min(eventTime, now);
        newestTime = Math.max(newestTime, capped);
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

    /**
     * Highest event time sent, or told by a record without events, capped by the clock of that moment: {@code h:<millis>};
     * empty before the first.
     */
    @Override
    public String metadata() {
        return highestEventTime.isPresent() ? HIGHEST_TIME + highestEventTime.getAsLong() : "";
    }

    @Override
    public long newestEventTime() {
        return newestTime;
    }

    @Override
    public void committed() {
        newestTime = Long.MIN_VALUE;
    }

    OptionalLong highestEventTime() {
        return highestEventTime;
    }

    /**
     * When a record came last, dead letters included, those without events and without a usable time not; at first, when
     * this task took over.
     */
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
