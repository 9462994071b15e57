package dev.adpipe.schemas.definition;

import java.time.Duration;

/** The block {@code shuffle}. */
final class ShuffleBlock {
    private static final int MOST_PARTITIONS = 10_000;
    private static final Duration SHORTEST_TICK = Duration.ofMillis(10);

    private final Setting<Integer> partitions;
    private final Setting<Duration> tickInterval;
    private final Setting<Duration> idleAfter;
    private final Setting<Duration> maxSkew;
    private final Setting<Long> maxRecordBytes;

    ShuffleBlock(ConfigReader in) {
        partitions = in.integer("partitions", 1, MOST_PARTITIONS);
        tickInterval = in.duration("tick-interval")
                .require(
                        t -> t.compareTo(SHORTEST_TICK) >= 0,
                        "must be at least 10ms: each tick is a record per partition");
        idleAfter = in.duration("idle-after");
        maxSkew = in.duration("max-skew");
        maxRecordBytes = in.size("max-record-bytes", 1024, 256L * 1024 * 1024);
        in.finish();
        if (tickInterval.isPresent()) {
            Duration least = tickInterval.get().multipliedBy(2);
            idleAfter.require(
                    i -> i.compareTo(least) >= 0,
                    "must be at least twice tick-interval, " + ScalarParser.durationText(least)
                            + ", or a stream would count as idle between two ticks");
        }
    }

    ShuffleSettings toSettings() {
        return new ShuffleSettings(
                partitions.get(),
                tickInterval.get(),
                idleAfter.get(),
                maxSkew.get(),
                Math.toIntExact(maxRecordBytes.get()));
    }
}
