package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a payload's value into a row's: null, {@link String}, {@link Long}, {@link Double}, {@link Boolean}, or a
 * {@link List} of texts. Never rounds, wraps or guesses; the empty string is as good as null, and so is an empty list.
 */
final class ValueTypes {
    private static final double TWO_TO_63 = 0x1p63;
    private static final int MAX_PLAIN_EXPONENT = 40;
    private static final int SHOWN = 80;

    private ValueTypes() {}

    static Object convert(Object value, ValueType type) throws BadValueException {
        if (value == null || value.equals("")) {
            return null;
        }
        if (type == ValueType.STRINGS) {
            return toStrings(value);
        }
        if (value instanceof List || value instanceof Map) {
            String instead = value instanceof List ? "; type strings takes lists" : "; name a field inside it";
            throw new BadValueException("type " + name(type) + " takes one value, not " + kind(value) + instead);
        }
        return switch (type) {
            case STRING -> text(value);
            case LONG -> toLong(value);
            case DOUBLE -> toDouble(value);
            case BOOLEAN -> toBoolean(value);
            case STRINGS -> throw new IllegalArgumentException("not one value");
        };
    }

    /** A scalar as text: numbers without trailing zeros and, unless very large or small, without exponent. */
    static String text(Object value) throws BadValueException {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Long || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof Double || value instanceof BigDecimal) {
            return plain(decimal(value));
        }
        throw new BadValueException("text, a number or a boolean is needed, not " + kind(value));
    }

    /** For an explanation: quoted, without line breaks, shortened. */
    static String show(Object value) {
        String text = String.valueOf(value);
        String shown = CleaningSteps.truncate(text, SHOWN).replaceAll("\\p{Cntrl}", " ");
        String mark = shown.length() < text.length() ? ".. (" + text.length() + " characters)" : "";
        return value instanceof String ? '"' + shown + '"' + mark : shown + mark;
    }

    static String kind(Object value) {
        if (value instanceof List) {
            return "a list";
        }
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        return value instanceof Number ? "a number" : "text";
    }

    static String name(ValueType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> toStrings(Object value) throws BadValueException {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            String text = element == null ? "" : text(element);
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts.isEmpty() ? null : List.copyOf(texts);
    }

    /** A number for a step to calculate with; null for null and blank text. */
    static BigDecimal amount(Object value, String step) throws BadValueException {
        Object given = value instanceof String text ? CleaningSteps.trim(text) : value;
        if (given == null || given.equals("")) {
            return null;
        }
        BigDecimal number = given instanceof Number || given instanceof String ? decimal(given) : null;
        if (number == null) {
            throw new BadValueException(
                    step + " takes a number, not " + kind(value) + "; text with commas needs the step number first");
        }
        return number;
    }

    private static Long toLong(Object value) throws BadValueException {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Double d) {
            if (d == Math.rint(d) && d >= -TWO_TO_63 && d < TWO_TO_63) {
                return d.longValue();
            }
        } else if (!(value instanceof Boolean)) {
            BigDecimal number = decimal(value);
            if (number != null) {
                try {
                    return number.longValueExact();
                } catch (ArithmeticException e) {
                    throw wholeNumber();
                }
            }
        }
        throw wholeNumber();
    }

    private static BadValueException wholeNumber() {
        return new BadValueException("type long takes whole numbers from -2^63 to 2^63-1, not rounded; text with blanks"
                + " or commas needs the step number first");
    }

    private static Double toDouble(Object value) throws BadValueException {
        if (value instanceof Long number) {
            return number.doubleValue();
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return number;
        }
        BigDecimal number = value instanceof Boolean ? null : decimal(value);
        double result = number == null ? Double.NaN : number.doubleValue();
        if (!Double.isFinite(result)) {
            throw new BadValueException("type double takes finite numbers up to 1.8e308; text with blanks or commas"
                    + " needs the step number first");
        }
        return result;
    }

    private static Boolean toBoolean(Object value) throws BadValueException {
        if (value instanceof Boolean flag) {
            return flag;
        }
        return switch (text(value)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default ->
                throw new BadValueException(
                        "type boolean takes true, false, 1 and 0; the step boolean takes other spellings");
        };
    }

    /** Null for text that is no plain number. */
    private static BigDecimal decimal(Object value) throws BadValueException {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw new BadValueException("a number must be finite");
            }
            return BigDecimal.valueOf(number);
        }
        return value instanceof Long number ? BigDecimal.valueOf(number) : NumberText.plain((String) value);
    }

    /** A short number such as 1e999999999 must not become a gigabyte of zeros. */
    private static String plain(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        long exponent = (long) shortest.precision() - shortest.scale();
        return Math.abs(exponent) <= MAX_PLAIN_EXPONENT && Math.abs((long) shortest.scale()) <= MAX_PLAIN_EXPONENT
                ? shortest.toPlainString()
                : shortest.toString();
    }
}
