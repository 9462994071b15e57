package dev.adpipe.join;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Job;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.JoinSettings.Emit;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.TaskDriver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Drives a join task and tells its outputs as text: {@code joined k click#1 imp:i1@100 click:c1@150},
 * {@code unmatched k click:c1@150 late}.
 */
final class JoinDriver implements AutoCloseable {
    private static final int PARTITION = 3;

    private final PipelineDefinition definition;
    private final AtomicReference<Job> job;
    private final Drive driver;
    /** Null over a state in memory. */
    private final TaskDriver real;

    /** Gets the same input with {@code emit = on-close}; null if nobody does. */
    private final JoinDriver onClose;

    /** Over the real state, in an empty folder. */
    JoinDriver(PipelineDefinition definition, Mode mode, Path dir) {
        this(new JoinJob(definition), definition, mode, dir);
    }

    JoinDriver(JoinJob job, PipelineDefinition definition, Mode mode, Path dir) {
        this.definition = definition;
        this.job = new AtomicReference<>(job);
        this.real = TaskDriver.of(context -> this.job.get().open(context), input(definition), mode, dir);
        this.driver = Drive.of(real);
        this.onClose = null;
    }

    /** Over a state in memory. */
    JoinDriver(PipelineDefinition definition, Mode mode) {
        this.definition = definition;
        this.job = new AtomicReference<>(new JoinJob(definition));
        this.real = null;
        this.driver = new MemoryDrive(context -> job.get().open(context), input(definition), mode);
        this.onClose = null;
    }

    private static TopicPartition input(PipelineDefinition definition) {
        return new TopicPartition(definition.topics().shuffled(), PARTITION);
    }

    private JoinDriver(PipelineDefinition definition, JoinDriver before, JoinDriver onClose) {
        this.definition = definition;
        this.job = before.job;
        this.driver = before.driver;
        this.real = before.real;
        this.onClose = onClose;
    }

    /** Gives its input to this one, too, compares the two whenever somebody looks, and in the end. */
    JoinDriver beside(JoinDriver joinOnClose) {
        return new JoinDriver(definition, this, joinOnClose);
    }

    /** The same state, to be gone on with under another definition as soon as the task is made anew. */
    JoinDriver redefined(PipelineDefinition other) {
        job.set(new JoinJob(other));
        return new JoinDriver(
                other, this, onClose == null ? null : onClose.redefined(Pipelines.with(other, Emit.ON_CLOSE)));
    }

    /** The same, while the committed offset is lost with its metadata, over and over. */
    JoinDriver redefinedWithoutOffset(PipelineDefinition other) {
        JoinDriver next = redefined(other);
        if (onClose != null) {
            onClose.redefinedWithoutOffset(Pipelines.with(other, Emit.ON_CLOSE));
        }
        job.set(context -> new JoinJob(other)
                .open(new TaskContext(context.input(), context.books(), "", context.state(), context.clock())));
        return next;
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

    /** One tick that tells of every stream's only partition, by stream number; null: no event yet. */
    JoinDriver progress(long clock, List<Long> highest) {
        List<RawPartition> partitions = new ArrayList<>();
        for (int s = 0; s < highest.size(); s++) {
            Long time = highest.get(s);
            partitions.add(new RawPartition(
                    definition.streams().get(s).topics().get(0),
                    0,
                    1,
                    time == null ? OptionalLong.empty() : OptionalLong.of(time),
                    0,
                    false));
        }
        return record(null, EnvelopeCodec.encode(new ProgressTick("s-0", clock, partitions)));
    }

    JoinDriver record(String key, byte[] value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        driver.process(keyBytes, value);
        if (onClose != null) {
            onClose.driver.process(keyBytes, value);
        }
        return this;
    }

    private void compare() {
        if (onClose != null) {
            SameDecisions.check(this, onClose);
        }
    }

    /** What was sent to joined and unmatched, in order. */
    List<String> outputs() {
        compare();
        return texts();
    }

    List<String> texts() {
        return driver.outputs().stream().map(this::text).toList();
    }

    /** What was sent to joined, in order. */
    List<JoinedEvent> joined() {
        outputs(); // checks them
        return sentTo(definition.topics().joined())
                .map(output -> EnvelopeCodec.decodeJoined(output.value()))
                .toList();
    }

    /** Unmatched events as {@code key/stream/id} with this reason. */
    List<String> unmatched(String reason) {
        return sentTo(definition.topics().unmatched())
                .filter(output ->
                        output.header(JoinOutput.REASON_HEADER).orElseThrow().equals(reason))
                .map(output -> {
                    ShuffledEvent event = EnvelopeCodec.decodeShuffled(output.value());
                    return output.keyText() + "/" + event.stream() + "/" + event.eventId();
                })
                .toList();
    }

    private Stream<Output> sentTo(String topic) {
        return driver.outputs().stream().filter(output -> output.topic().equals(topic));
    }

    List<String> deadLetters() {
        return driver.deadLetters().stream().map(DeadLetter::reason).toList();
    }

    Books books() {
        compare();
        return onlyBooks();
    }

    Books onlyBooks() {
        return driver.books();
    }

    /** Brings the watermark so far that every key is dead; looks at both once more. */
    void end() {
        watermark(Long.MAX_VALUE / 2);
        compare();
        if (onClose != null) {
            SameDecisions.checkEnd(this, onClose);
        }
    }

    /** The real state and its changelog. */
    TaskDriver real() {
        return real;
    }

    long watermark() {
        return ((JoinTask) driver.task()).watermark();
    }

    long liveKeys() {
        return driver.liveKeys();
    }

    @Override
    public void close() {
        driver.close();
        if (onClose != null) {
            onClose.close();
        }
    }

    private String text(Output output) {
        if (output.partition() != PARTITION) {
            throw new AssertionError("sent to partition " + output.partition());
        }
        String joinKey = new String(output.key(), StandardCharsets.UTF_8);
        if (output.topic().equals(definition.topics().joined())) {
            return joined(joinKey, EnvelopeCodec.decodeJoined(output.value()));
        }
        if (!output.topic().equals(definition.topics().unmatched())) {
            throw new AssertionError("sent to " + output.topic());
        }
        ShuffledEvent event = EnvelopeCodec.decodeShuffled(output.value());
        check(event.eventId(), event.schemaId(), event.payload());
        String reason = new String(output.headers().get(0).value(), StandardCharsets.UTF_8);
        return "unmatched " + joinKey + " " + event.stream() + ":" + event.eventId() + "@" + event.eventTime() + " "
                + reason;
    }

    /** {@code joined k click#1 imp:i1@100 click:c1@150}, and so on for each event that the record counts. */
    private static String joined(String joinKey, JoinedEvent joined) {
        if (!joined.joinKey().equals(joinKey)) {
            throw new AssertionError("key " + joinKey + " of " + joined);
        }
        joined.events().forEach(part -> check(part.id(), part.schemaId(), part.payload()));
        List<String> events = new ArrayList<>();
        for (int place = 0; place < joined.events().size(); place++) {
            Part event = joined.events().get(place);
            if (event.counted()) {
                String chain = joined.chain(place).stream()
                        .map(at -> joined.events().get(at))
                        .map(part -> part.stream() + ":" + part.id() + "@" + part.time())
                        .collect(Collectors.joining(" "));
                events.add(event.stream() + "#" + event.ordinal() + " " + chain);
            }
        }
        return "joined " + joinKey + " " + String.join(" | ", events);
    }

    private static void check(String id, long schemaId, ByteBuffer payload) {
        String text = StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        if (!text.equals("payload of " + id) || schemaId != 7) {
            throw new AssertionError("payload of " + id + " became '" + text + "'");
        }
    }
}
