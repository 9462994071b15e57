package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Collector;
import dev.adpipe.runtime.Task;
import dev.adpipe.runtime.TaskContext;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decisions that come due together are taken as if they had come one by one. The container lets a task work between
 * batches of records only: whether a tick is followed by work or by a record of the key depends on where a batch ends.
 */
class SettleOrderTest {
    private static final TopicPartition INPUT = new TopicPartition("acme.ads.shuffled", 3);

    private final List<String> sent = new ArrayList<>();
    private final Collector out = new Collector() {
        @Override
        public void send(String topic, int partition, byte[] key, byte[] value, List<Header> headers) {
            ShuffledEvent event = EnvelopeCodec.decodeShuffled(value);
            sent.add(event.eventId() + " " + new String(headers.get(0).value(), StandardCharsets.UTF_8));
        }

        @Override
        public void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, String explanation) {
            throw new AssertionError(explanation);
        }
    };
    private long offset;

    /** With skew 10: "r" is due at 910; "s", a candidate too late for "c", waits for it and is due at 1010, "c" at 995. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void atOnceOrOneByOne(boolean workAfterTheTick) {
        PipelineDefinition definition = new Pipelines()
                .stream("a", 0).stream("req", 100).stream("imp", 100).stream("click", 100)
                        .definition();
        Task task = new JoinJob(definition)
                .open(new TaskContext(INPUT, new Books(), "", Optional.of(new MemoryState()), Clock.SYSTEM));
        process(task, event("req", "r", 900));
        process(task, event("imp", "s", 1000));
        process(task, event("click", "c", 985));
        List<RawPartition> told = definition.streams().stream()
                .map(s -> new RawPartition(s.topics().get(0), 0, 1, OptionalLong.of(1050), 0, false))
                .toList();
        task.process(record(null, EnvelopeCodec.encode(new ProgressTick("s-0", 1050, told))), out);
        if (workAfterTheTick) {
            assertThat(task.work(out)).isFalse();
        }
        process(task, event("click", "c", 985));

        assertThat(sent).containsExactly("r no-parent", "c out-of-window", "s no-parent");
        assertThat(task.books().encode())
                .isEqualTo("in:4,added:0,emitted:0,duplicate:1,held:0,u.no-parent:2,u.out-of-window:1");
    }

    private void process(Task task, ShuffledEvent event) {
        task.process(record(new byte[] {'k'}, EnvelopeCodec.encode(event)), out);
    }

    private ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>(INPUT.topic(), INPUT.partition(), offset++, key, value);
    }

    private static ShuffledEvent event(String stream, String id, long time) {
        return new ShuffledEvent(stream, id, time, PayloadEncoding.JSON, 0, ByteBuffer.wrap(new byte[] {'{', '}'}));
    }
}
