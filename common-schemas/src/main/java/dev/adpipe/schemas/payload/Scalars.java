package dev.adpipe.schemas.payload;

import java.math.BigDecimal;
import java.util.Optional;

/** The plain text of values, by which keys and ids are compared: equal numbers have equal texts. */
public final class Scalars {
    private static final int LONGEST_NUMBER = 1_000;
    private static final int LONGEST_QUOTE = 100;

    private Scalars() {}

    /**
     * Text as it is; numbers without exponent, trailing zeros and plus sign ({@code 12.50} and {@code 1.25e1} are both
     * {@code 12.5}); booleans as {@code true} and {@code false}. Empty for anything else, and for numbers that have no
     * such text: not finite, or of more than 1,000 digits.
     */
    public static Optional<String> plainText(Object value) {
        if (value instanceof String text) {
            return Optional.of(text);
        }
        if (value instanceof Long || value instanceof Boolean) {
            return Optional.of(value.toString());
        }
        if (value instanceof BigDecimal number) {
            return plainNumber(number);
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return plainNumber(BigDecimal.valueOf(number));
        }
        return Optional.empty();
    }

    /** For explanations: the value in quotes if it is text, shortened if it is long. */
    public static String quote(Object value) {
        if (!(value instanceof String text)) {
            return shorten(String.valueOf(value));
        }
        return "'" + shorten(text) + "'";
    }

    private static Optional<String> plainNumber(BigDecimal number) {
        if (number.signum() == 0) {
            return Optional.of("0");
        }
        if (number.precision() > LONGEST_NUMBER || Math.abs((long) number.scale()) > LONGEST_NUMBER) {
            return Optional.empty();
        }
        return Optional.of(number.stripTrailingZeros().toPlainString());
    }

    private static String shorten(String text) {
        if (text.length() <= LONGEST_QUOTE) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_QUOTE - 1)) ? LONGEST_QUOTE - 1 : LONGEST_QUOTE;
        return text.substring(0, end) + ".. (" + text.length() + " characters)";
    }
}
