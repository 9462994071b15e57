package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Collector;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Writes what was decided, into the partition of the task's own number, and counts it.
 *
 * <p>No joined record is too large for its topic: it is provisioned for as many raw records of the maximum size as there
 * are streams, and 64 KiB for what we add. One event and its ancestors are never more.
 */
final class JoinOutput {
    static final String REASON_HEADER = "adpipe.reason";

    private final Funnel funnel;
    private final Topics topics;
    private final int partition;
    private final int pieceBytes;
    private final Books books;
    private long bytesSent;

    /**
     * @param pieceBytes records of several events are no larger than this, if they can be split
     */
    JoinOutput(Funnel funnel, Topics topics, int partition, int pieceBytes, Books books) {
        this.funnel = funnel;
        this.topics = topics;
        this.partition = partition;
        this.pieceBytes = pieceBytes;
        this.books = books;
    }

    /** Events of one key with their ancestors. */
    void emit(byte[] key, List<Event> events, Collector out) {
        String joinKey = new String(key, StandardCharsets.UTF_8);
        for (List<Part> piece : new JoinedPieces(funnel, pieceBytes - 2 * key.length).of(events)) {
            byte[] value = EnvelopeCodec.encode(new JoinedEvent(joinKey, piece));
            bytesSent += value.length;
            out.send(topics.joined(), partition, key, value);
        }
        events.forEach(event -> books.countEmitted());
    }

    void unmatched(byte[] key, ShuffledEvent event, Reason reason, Collector out) {
        byte[] text = reason.text().getBytes(StandardCharsets.UTF_8);
        byte[] value = EnvelopeCodec.encode(event);
        bytesSent += value.length;
        out.send(topics.unmatched(), partition, key, value, List.of(new RecordHeader(REASON_HEADER, text)));
        books.countUnmatched(reason.text());
    }

    /** Of values, since this was made. */
    long bytesSent() {
        return bytesSent;
    }
}
