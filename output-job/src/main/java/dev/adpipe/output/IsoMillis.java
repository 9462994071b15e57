package dev.adpipe.output;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Times as rows carry them: ISO-8601 in UTC with milliseconds, {@code 2019-11-24T00:01:03.979Z}. */
final class IsoMillis {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private IsoMillis() {}

    /**
     * @param millis since the epoch
     * @throws DateTimeException beyond the years that Java knows
     */
    static String text(long millis) {
        return MILLIS.format(Instant.ofEpochMilli(millis));
    }
}
