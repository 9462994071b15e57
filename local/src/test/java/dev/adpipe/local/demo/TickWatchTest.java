package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TickWatchTest {
    private static final long START = 1_800_000_000_000L;

    private final TickWatch watch = new TickWatch(START, 2, 2);

    @Test
    void startsWhenEveryShuffledPartitionHasToldOfEveryRawPartition() {
        watch.accept(0, tick(raw("a", OptionalLong.of(START)), raw("b", OptionalLong.of(START + 5))));
        watch.accept(1, tick(raw("a", OptionalLong.of(START))));
        assertThat(watch.started()).isFalse();
        // Told by another container.
        watch.accept(1, tick(raw("b", OptionalLong.of(START))));
        assertThat(watch.started()).isTrue();
    }

    @Test
    void aRawPartitionWithoutEventOrWithOldOnesHasNotStarted() {
        watch.accept(0, tick(raw("a", OptionalLong.of(START)), raw("b", OptionalLong.empty())));
        watch.accept(1, tick(raw("a", OptionalLong.of(START)), raw("b", OptionalLong.of(START - 600_000))));
        assertThat(watch.started()).isFalse();
    }

    private static ProgressTick tick(RawPartition... partitions) {
        return new ProgressTick("c", START, List.of(partitions));
    }

    private static RawPartition raw(String topic, OptionalLong highest) {
        return new RawPartition(topic, 0, 1, highest, 0, false);
    }
}
