package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.PreAggregate;
import java.time.Duration;

/** The block {@code output.pre-aggregate}. */
final class PreAggregateBlock {
    private final Setting<Duration> bucket;
    private final Setting<Integer> maxRows;

    PreAggregateBlock(ConfigReader in) {
        bucket = in.duration("bucket").require(b -> !b.isZero(), "must be at least 1ms");
        maxRows = in.integer("max-rows", 1, 1_000_000);
        in.finish();
    }

    PreAggregate toSettings() {
        return new PreAggregate(bucket.get(), maxRows.get());
    }
}
