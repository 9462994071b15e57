package dev.adpipe.runtime;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the restore of one task is, told in the log (a long one at its beginning and every few seconds, each at its end)
 * and as metrics. Used by the container's thread.
 */
final class RestoreProgress {
    private static final Logger log = LoggerFactory.getLogger(RestoreProgress.class);
    private static final long LONG_RECORDS = 10_000;
    private static final long TELL_NANOS = Duration.ofSeconds(5).toNanos();

    private final TopicPartition input;
    private final long from;
    private final long end;
    private final TaskMetrics gauges;
    private final long startedAt = System.nanoTime();
    private long toldAt = startedAt;
    private long position;

    /**
     * @param from first changelog offset to read
     * @param end  where the log ended when this began
     */
    RestoreProgress(TopicPartition input, long from, long end, TaskMetrics gauges) {
        this.input = input;
        this.from = from;
        this.end = end;
        this.gauges = gauges;
        this.position = from;
        gauges.restoring(remaining(), 0);
        if (remaining() > LONG_RECORDS) {
            log.info("Restoring the state of {}: changelog offsets {} to {}", input, from, end);
        }
    }

    long end() {
        return end;
    }

    long position() {
        return position;
    }

    private long remaining() {
        return Math.max(0, end - position);
    }

    /**
     * The reader is here now; less than before if it is not sure.
     *
     * @return whether it is time to tell others
     */
    boolean at(long reached) {
        position = Math.max(position, reached);
        long now = System.nanoTime();
        gauges.restoring(remaining(), (now - startedAt) / 1e9);
        boolean tell = now - toldAt >= TELL_NANOS;
        if (tell) {
            toldAt = now;
            log.info(
                    "Restoring the state of {}: {} of {} changelog offsets remain, {} per second",
                    input,
                    remaining(),
                    end - from,
                    (position - from) * 1_000 / millis());
        }
        return tell;
    }

    CommitMetadata.Restore note() {
        return new CommitMetadata.Restore(remaining(), end - from, System.currentTimeMillis());
    }

    void done(long keys) {
        log.info(
                "State of {} is complete: {} keys, read offsets {} to {} in {} ms",
                input,
                keys,
                from,
                position,
                millis());
    }

    private long millis() {
        return Math.max(1, Duration.ofNanos(System.nanoTime() - startedAt).toMillis());
    }
}
