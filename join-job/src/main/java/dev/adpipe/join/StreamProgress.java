package dev.adpipe.join;

import java.util.Collection;
import java.util.List;

/** How far one stream has come, over all partitions of all its topics. Mutable: it remembers when it last woke. */
final class StreamProgress {
    private final String stream;
    private final List<String> topics;
    private boolean whollyIdle;
    private boolean woken;
    private long wokenAt;

    StreamProgress(String stream, List<String> topics) {
        this.stream = stream;
        this.topics = topics;
    }

    String stream() {
        return stream;
    }

    List<String> topics() {
        return topics;
    }

    boolean whollyIdle() {
        return whollyIdle;
    }

    boolean woken() {
        return woken;
    }

    long wokenAt() {
        return wokenAt;
    }

    void restore(boolean wasWhollyIdle, boolean hasWoken, long at) {
        whollyIdle = wasWhollyIdle;
        woken = hasWoken;
        wokenAt = at;
    }

    /**
     * Notices whether the stream fell idle or woke. It also counts as waking when a flag only became stale or a
     * partition was added: that holds the watermark a little longer, and never lets it run ahead.
     */
    void observe(Collection<PartitionProgress> partitions, long newestClock, long idleAfter) {
        boolean idleNow = !partitions.isEmpty() && partitions.stream().allMatch(p -> p.idleAt(newestClock, idleAfter));
        if (whollyIdle && !idleNow) {
            woken = true;
            wokenAt = newestClock;
        }
        whollyIdle = idleNow;
    }

    static boolean hasEvent(Collection<PartitionProgress> partitions) {
        return partitions.stream().anyMatch(PartitionProgress::hasEvent);
    }

    /** {@code Long.MIN_VALUE} if it cannot be told. For a stream that has an event. */
    long progress(Collection<PartitionProgress> partitions, long newestClock, long idleAfter) {
        boolean awake = woken && Millis.minus(newestClock, wokenAt) < idleAfter;
        long slowest = Long.MAX_VALUE;
        long fastest = Long.MIN_VALUE;
        long sinceLastRecord = Long.MAX_VALUE;
        boolean allIdle = true;
        for (PartitionProgress partition : partitions) {
            fastest = Math.max(fastest, partition.highest());
            sinceLastRecord = Math.min(sinceLastRecord, partition.sinceAt(newestClock));
            if (awake || !partition.idleAt(newestClock, idleAfter)) {
                allIdle = false;
                slowest = Math.min(slowest, partition.highest());
            }
        }
        return allIdle ? Millis.plus(fastest, sinceLastRecord) : slowest;
    }
}
