package dev.adpipe.local;

import java.time.Duration;
import java.util.Locale;

/** Times and numbers as people read them. */
final class Shown {
    private Shown() {}

    /** {@code 250ms}, {@code 1.5s}, {@code 5m}, {@code 1h30m}, {@code 2d}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + "ms";
        }
        if (millis < 60_000) {
            return millis % 1000 == 0 ? millis / 1000 + "s" : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        return text.toString();
    }

    /** {@code 1,234,567}. */
    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static void append(StringBuilder text, long value, String unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }
}
