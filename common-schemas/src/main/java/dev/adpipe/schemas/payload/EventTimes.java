package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.BadTimeException.BAD_TIME;
import static dev.adpipe.schemas.payload.BadTimeException.IMPLAUSIBLE_TIME;

import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Event times out of payloads. Stateless. */
public final class EventTimes {
    /** 2000-01-01T00:00:00Z; there were no ad exchanges before. */
    public static final long EARLIEST = 946_684_800_000L;

    /** 2100-01-01T00:00:00Z; exclusive. */
    public static final long LATEST = 4_102_444_800_000L;

    private static final List<TimeFormat> UNITS =
            List.of(TimeFormat.EPOCH_SECONDS, TimeFormat.EPOCH_MILLIS, TimeFormat.EPOCH_MICROS);

    // Far beyond any plausible time in any unit, and far within 64 bits.
    private static final BigDecimal ABSURD = BigDecimal.valueOf(Long.MAX_VALUE / 1_000);

    // Parsing a decimal costs the square of its length.
    private static final int LONGEST_NUMBER = 100;

    private EventTimes() {}

    /**
     * Milliseconds since the epoch, rounded down.
     *
     * @param value  as {@link Payload#value} gives it: text for {@code iso-8601}; a number, or text that is one, for
     *               the others
     * @throws BadTimeException if it is no time, or none between 2000 and 2100
     */
    public static long parse(Object value, TimeFormat format) {
        if (format == TimeFormat.ISO_8601) {
            return plausible(iso(value), value, format);
        }
        long scaled = value instanceof Long number ? millis(number, format) : millis(decimal(value, format), format);
        return plausible(scaled, value, format);
    }

    /** As the definition writes it: {@code epoch-millis}. */
    static String word(TimeFormat format) {
        return format.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static long iso(Object value) {
        if (value instanceof String text) {
            return new IsoTime(text.strip()).millis();
        }
        if (value instanceof Long || value instanceof Double || value instanceof BigDecimal) {
            throw bad(Scalars.quote(value) + " is a number, and the definition says iso-8601"
                    + meantAs(decimal(value, TimeFormat.ISO_8601), TimeFormat.ISO_8601));
        }
        throw bad(Scalars.quote(value) + " is no time, and the definition says iso-8601");
    }

    private static long millis(long number, TimeFormat unit) {
        return switch (unit) {
            // Saturating is enough: all that does not fit is implausible.
            case EPOCH_SECONDS -> Math.max(-ABSURD.longValue(), Math.min(ABSURD.longValue(), number)) * 1_000;
            case EPOCH_MILLIS -> number;
            case EPOCH_MICROS -> Math.floorDiv(number, 1_000L);
            case ISO_8601 -> throw new IllegalArgumentException("iso-8601 is no unit");
        };
    }

    private static long millis(BigDecimal number, TimeFormat unit) {
        if (number.abs().compareTo(ABSURD) > 0) {
            return number.signum() * ABSURD.longValue();
        }
        if (number.scale() > 1_000) {
            return 0;
        }
        int shift = switch (unit) {
            case EPOCH_SECONDS -> 3;
            case EPOCH_MILLIS -> 0;
            case EPOCH_MICROS -> -3;
            case ISO_8601 -> throw new IllegalArgumentException("iso-8601 is no unit");
        };
        BigDecimal millis = number.movePointRight(shift).setScale(0, RoundingMode.FLOOR);
        return millis.abs().compareTo(ABSURD) > 0 ? millis.signum() * ABSURD.longValue() : millis.longValue();
    }

    private static BigDecimal decimal(Object value, TimeFormat format) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof Long number) {
            return BigDecimal.valueOf(number);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return BigDecimal.valueOf(number);
        }
        if (value instanceof String text) {
            try {
                if (text.length() <= LONGEST_NUMBER) {
                    return new BigDecimal(text.strip());
                }
                throw bad(Scalars.quote(text) + " is no time: a number of so many digits");
            } catch (NumberFormatException e) {
                throw bad(Scalars.quote(text) + " is not a number, and the definition says " + word(format)
                        + (looksLikeIso(text) ? "; it looks like iso-8601" : ""));
            }
        }
        throw bad(Scalars.quote(value) + " is not a number, and the definition says " + word(format));
    }

    private static long plausible(long millis, Object value, TimeFormat format) {
        if (millis >= EARLIEST && millis < LATEST) {
            return millis;
        }
        String hint = "";
        if (format != TimeFormat.ISO_8601) {
            hint = meantAs(decimal(value, format), format);
        }
        throw new BadTimeException(
                IMPLAUSIBLE_TIME,
                Scalars.quote(value) + " as " + word(format) + " is not between the years 2000 and 2100" + hint);
    }

    /** What the number would be in the other units, where that is plausible. */
    private static String meantAs(BigDecimal number, TimeFormat said) {
        List<String> readings = new ArrayList<>();
        for (TimeFormat unit : UNITS) {
            long millis = millis(number, unit);
            if (unit != said && millis >= EARLIEST && millis < LATEST) {
                readings.add(word(unit) + " it would be " + Instant.ofEpochMilli(millis));
            }
        }
        return readings.isEmpty() ? "" : "; as " + String.join(", as ", readings);
    }

    private static boolean looksLikeIso(String text) {
        return text.strip().length() > 4 && text.strip().charAt(4) == '-';
    }

    static BadTimeException bad(String message) {
        return new BadTimeException(BAD_TIME, message);
    }
}
