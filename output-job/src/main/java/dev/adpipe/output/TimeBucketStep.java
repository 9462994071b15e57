package dev.adpipe.output;

import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.payload.BadTimeException;
import dev.adpipe.schemas.payload.EventTimes;
import java.time.Duration;

/** The step {@code time-bucket}: a time down to the start of its bucket, counted from the epoch, as ISO-8601 in UTC. */
final class TimeBucketStep implements ValueStep {
    private final long bucketMillis;
    private final TimeFormat format;

    TimeBucketStep(Duration size, TimeFormat format) {
        this.bucketMillis = size.toMillis();
        this.format = format;
        if (bucketMillis < 1) {
            throw new IllegalArgumentException("time-bucket = " + size + ": a bucket lasts at least one millisecond");
        }
    }

    @Override
    public Object apply(Object value) throws BadValueException {
        if (value == null || value.equals("")) {
            return null;
        }
        try {
            return IsoMillis.text(Math.floorDiv(EventTimes.parse(value, format), bucketMillis) * bucketMillis);
        } catch (BadTimeException e) {
            throw new BadValueException("step time-bucket: " + e.getMessage());
        }
    }
}
