package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Writes what was decided, into the partition of the task's own number, and counts it.
 *
 * <p>No joined record is too large for its topic: it is provisioned for as many raw records of the maximum size as there
 * are streams, and 64 KiB for what we add.
 */
final class JoinOutput {
    static final String REASON_HEADER = "adpipe.reason";

    private final Funnel funnel;
    private final Topics topics;
    private final int partition;
    private final Books books;

    JoinOutput(Funnel funnel, Topics topics, int partition, Books books) {
        this.funnel = funnel;
        this.topics = topics;
        this.partition = partition;
        this.books = books;
    }

    /** The event with its ancestors, root first. */
    void emit(byte[] key, Event event, int ordinal, Collector out) {
        List<JoinedEvent.Part> parts = new ArrayList<>();
        for (Event each = event; each != null; each = each.parent()) {
            parts.add(new JoinedEvent.Part(
                    funnel.name(each.stream()),
                    each.id(),
                    each.time(),
                    each.encoding(),
                    each.schemaId(),
                    each.payload()));
        }
        Collections.reverse(parts);
        String joinKey = new String(key, StandardCharsets.UTF_8);
        JoinedEvent joined = new JoinedEvent(joinKey, funnel.name(event.stream()), ordinal, parts);
        out.send(topics.joined(), partition, key, EnvelopeCodec.encode(joined));
        books.countEmitted();
    }

    void unmatched(byte[] key, ShuffledEvent event, Reason reason, Collector out) {
        byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
        out.send(
                topics.unmatched(),
                partition,
                key,
                EnvelopeCodec.encode(event),
                List.of(new RecordHeader(REASON_HEADER, text)));
        books.countUnmatched(reason.text());
    }
}
