package dev.adpipe.local;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** From one moment, itself included, to another, itself not. */
record TimeRange(Instant from, Instant to) {

    /**
     * @throws CommandException if a text is no ISO time with its zone, or the range is empty
     */
    static TimeRange parse(String from, String to) {
        TimeRange range = new TimeRange(moment("--from", from), moment("--to", to));
        if (!range.from.isBefore(range.to)) {
            throw CommandException.usage("--from = " + from + " must be before --to = " + to);
        }
        return range;
    }

    static Instant moment(String option, String text) {
        try {
            Instant moment =
                    OffsetDateTime.parse(text.strip().toUpperCase(Locale.ROOT)).toInstant();
            // Event times are whole milliseconds: the first that is not before it.
            return moment.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            throw CommandException.usage(option + " = " + text
                    + ": must be an ISO time with its zone, such as 2026-11-22T13:00:00Z or 2026-11-22T14:00+01:00");
        }
    }

    /** For names of topics: {@code 20261122t1300-20261122t1330}, in UTC, seconds and milliseconds only if there are any. */
    String readable() {
        return readable(from) + "-" + readable(to);
    }

    private static String readable(Instant time) {
        long millis = time.toEpochMilli();
        String pattern = millis % 60_000 == 0 ? "HHmm" : millis % 1_000 == 0 ? "HHmmss" : "HHmmssSSS";
        return DateTimeFormatter.ofPattern("yyyyMMdd't'" + pattern, Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(time);
    }

    @Override
    public String toString() {
        return "[" + from + ", " + to + ")";
    }
}
