package dev.adpipe.runtime;

import dev.adpipe.runtime.state.KeyedState;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What a task is made from.
 *
 * @param input    its input partition
 * @param books    the committed totals; the task goes on with this very object
 * @param metadata what {@link Task#metadata()} gave at the last commit; empty before the first
 * @param state    its state, if the container has a changelog; valid until the task is replaced
 * @param clock    the wall clock
 */
public record TaskContext(
        TopicPartition input, Books books, String metadata, Optional<KeyedState> state, Clock clock) {}
