package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * Runs a join task without a broker, the books checked after every record, and tells its outputs as text:
 * {@code joined k click#1 imp:i1@100 click:c1@150}, {@code unmatched k click:c1@150 late}, {@code dead malformed}.
 */
final class JoinDriver {
    enum Mode {
        /** One task for everything. */
        STRAIGHT,
        /** Commit and reopen after every record. */
        REOPEN,
        /** Abort and repeat every record, then commit and reopen. */
        ABORT
    }

    private static final int PARTITION = 3;

    private final PipelineDefinition definition;
    private final Mode mode;
    private final List<String> committed = new ArrayList<>();
    private MemoryState committedState = new MemoryState();
    private String committedBooks = new Books().encode();
    private MemoryState state;
    private JoinTask task;
    private long offset;

    JoinDriver(PipelineDefinition definition, Mode mode) {
        this.definition = definition;
        this.mode = mode;
        open();
    }

    /** Restart with another definition. */
    JoinDriver restartedWith(PipelineDefinition other) {
        commit();
        JoinDriver next = new JoinDriver(other, mode);
        next.committedState = committedState;
        next.committedBooks = committedBooks;
        next.committed.addAll(committed);
        next.offset = offset;
        next.open();
        return next;
    }

    private void open() {
        state = committedState.reopened();
        task = (JoinTask) new JoinJob(definition)
                .open(new TaskContext(
                        new TopicPartition(definition.topics().shuffled(), PARTITION),
                        Books.parse(committedBooks),
                        "",
                        Optional.of(state),
                        Clock.SYSTEM));
    }

    private void commit() {
        committedState = state.reopened();
        committedBooks = task.books().encode();
    }

    JoinDriver event(String stream, String key, String id, long time) {
        ShuffledEvent event = new ShuffledEvent(
                stream,
                id,
                time,
                PayloadEncoding.JSON,
                7,
                ByteBuffer.wrap(("payload of " + id).getBytes(StandardCharsets.UTF_8)));
        return record(key, EnvelopeCodec.encode(event));
    }

    /** Ticks that bring the watermark to a time, if it is not there yet; lateness 0 assumed. */
    JoinDriver watermark(long w) {
        List<RawPartition> partitions = definition.streams().stream()
                .map(StreamDefinition::topics)
                .map(topics -> new RawPartition(topics.get(0), 0, 1, OptionalLong.of(w), 0, false))
                .toList();
        return record(null, EnvelopeCodec.encode(new ProgressTick("s-0", w, partitions)));
    }

    JoinDriver record(String key, byte[] value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(definition.topics().shuffled(), PARTITION, offset++, keyBytes, value);
        if (mode == Mode.ABORT) {
            handle(record);
            open();
        }
        committed.addAll(handle(record));
        if (mode != Mode.STRAIGHT) {
            commit();
            open();
        }
        return this;
    }

    private List<String> handle(ConsumerRecord<byte[], byte[]> record) {
        Texts out = new Texts();
        task.process(record, out);
        balanced();
        boolean more = true;
        while (more) {
            more = task.work(out);
        }
        balanced();
        return out.lines;
    }

    private void balanced() {
        if (task.books().imbalance() != 0 || task.books().held() < 0) {
            throw new AssertionError("books do not balance: " + task.books());
        }
    }

    List<String> outputs() {
        return committed;
    }

    Books books() {
        return task.books();
    }

    long watermark() {
        return task.watermark();
    }

    long liveKeys() {
        state.reopened(); // checks the state too
        return state.liveKeys();
    }

    private final class Texts implements Collector {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
            if (partition != PARTITION) {
                throw new AssertionError("sent to partition " + partition);
            }
            String joinKey = new String(key, StandardCharsets.UTF_8);
            if (topic.equals(definition.topics().joined())) {
                lines.add(joined(joinKey, EnvelopeCodec.decodeJoined(value)));
            } else if (topic.equals(definition.topics().unmatched())) {
                ShuffledEvent event = EnvelopeCodec.decodeShuffled(value);
                check(event.eventId(), event.schemaId(), event.payload());
                Header reason = headers.get(0);
                lines.add("unmatched " + joinKey + " " + event.stream() + ":" + event.eventId() + "@"
                        + event.eventTime() + " " + new String(reason.value(), StandardCharsets.UTF_8));
            } else {
                throw new AssertionError("sent to " + topic);
            }
        }

        private String joined(String joinKey, JoinedEvent joined) {
            if (!joined.joinKey().equals(joinKey)) {
                throw new AssertionError("key " + joinKey + " of " + joined);
            }
            joined.events().forEach(part -> check(part.id(), part.schemaId(), part.payload()));
            String chain = joined.events().stream()
                    .map(part -> part.stream() + ":" + part.id() + "@" + part.time())
                    .collect(Collectors.joining(" "));
            return "joined " + joinKey + " " + joined.trigger() + "#" + joined.ordinal() + " " + chain;
        }

        private void check(String id, long schemaId, ByteBuffer payload) {
            String text = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
            if (!text.equals("payload of " + id) || schemaId != 7) {
                throw new AssertionError("payload of " + id + " became '" + text + "'");
            }
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
            lines.add("dead " + reason);
        }
    }
}
