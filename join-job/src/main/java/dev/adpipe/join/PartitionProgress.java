package dev.adpipe.join;

import dev.adpipe.schemas.ProgressTick.RawPartition;

/**
 * The last that was told of one raw partition.
 *
 * @param hasEvent whether {@code highest} is an event time
 * @param highest  highest event time ever told, by whichever container
 * @param clock    of the tick that told
 * @param since    milliseconds without a record, at that clock
 * @param idle     as told; whether it counts depends on the age of the tick
 */
record PartitionProgress(boolean hasEvent, long highest, long clock, long since, boolean idle) {

    /** Counted by {@code partitionCount}, but nobody told of it yet: it may hold records of any age. */
    static final PartitionProgress UNKNOWN = new PartitionProgress(false, Long.MIN_VALUE, Long.MIN_VALUE, 0, false);

    /** A later tick replaces what an earlier one said; only the highest time is kept, whoever owned the partition then. */
    PartitionProgress next(RawPartition told, long tickClock) {
        boolean anyEvent = hasEvent || told.highestEventTime().isPresent();
        long highestOfBoth = Math.max(highest, told.highestEventTime().orElse(Long.MIN_VALUE));
        return new PartitionProgress(
                anyEvent, highestOfBoth, tickClock, Math.max(0, told.millisSinceLastRecord()), told.idle());
    }

    /** A stale flag does not count: the container that said so may be dead, and its partition filling up. */
    boolean idleAt(long newestClock, long idleAfter) {
        return idle && Millis.minus(newestClock, clock) <= idleAfter;
    }

    long sinceAt(long newestClock) {
        return Millis.plus(since, Math.max(0, Millis.minus(newestClock, clock)));
    }
}
