package dev.adpipe.runtime;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where inputs end that are not read at the moment, so that the consumer does not know it: asked every few seconds, and never
 * waited for. Used by the container's thread.
 */
final class InputEnds {
    private static final long ASK_MS = 2_000;

    private final Admin admin;
    private final Clock clock;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> asked = new HashMap<>();
    private long askAt;

    InputEnds(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /** Takes what has been answered, and asks again when it is time. */
    void ask(Collection<TopicPartition> inputs) {
        ends.keySet().retainAll(inputs);
        asked.entrySet().removeIf(question -> taken(question.getKey(), question.getValue()));
        if (inputs.isEmpty() || !asked.isEmpty() || clock.millis() < askAt) {
            return;
        }
        askAt = clock.millis() + ASK_MS;
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        inputs.forEach(input -> specs.put(input, OffsetSpec.latest()));
        var result = admin.listOffsets(specs, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        inputs.forEach(input -> asked.put(input, result.partitionResult(input)));
    }

    private boolean taken(TopicPartition input, KafkaFuture<ListOffsetsResultInfo> answer) {
        if (!answer.isDone()) {
            return false;
        }
        try {
            ends.put(input, answer.get().offset());
        } catch (ExecutionException | CompletionException e) {
            // Kafka is away; somebody else says so.
            ends.remove(input);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** As it was answered last; empty: not yet. */
    OptionalLong of(TopicPartition input) {
        Long end = ends.get(input);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end);
    }
}
