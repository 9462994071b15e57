package dev.adpipe.output;

import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** The step {@code time-bucket}: a time down to the start of its bucket, counted from the epoch, as ISO-8601 in UTC. */
final class TimeBucketStep implements ValueStep {
    /** {@code T} or a blank between date and time, any fraction, offset as +00:00, +0000, +00 or Z; without one UTC. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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
            return IsoMillis.text(Math.floorDiv(millis(value), bucketMillis) * bucketMillis);
        } catch (DateTimeException | ArithmeticException e) {
            throw notATime();
        }
    }

    private long millis(Object value) throws BadValueException {
        String text = ValueTypes.text(value).strip();
        if (format == TimeFormat.ISO_8601) {
            return ISO.parse(text, Instant::from).toEpochMilli();
        }
        BigDecimal number = NumberText.plain(text);
        if (number == null) {
            throw notATime();
        }
        return number.movePointRight(
                        switch (format) {
                            case EPOCH_SECONDS -> 3;
                            case EPOCH_MICROS -> -3;
                            default -> 0;
                        })
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private BadValueException notATime() {
        return new BadValueException("step time-bucket takes a time as "
                + format.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
