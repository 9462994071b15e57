package dev.adpipe.output;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Numbers as people and spreadsheets write them. The point is the decimal mark, the comma groups thousands, and only where
 * it cannot be a decimal comma: {@code 1,234.5} and {@code 1,234,567} are numbers, {@code 1,234} is refused, for it may
 * mean either 1234 or 1.234.
 */
final class NumberText {
    private static final String EXPONENT = "(?:[eE][+-]?[0-9]{1,4})?";
    private static final Pattern PLAIN = Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)" + EXPONENT);
    private static final Pattern GROUPED =
            Pattern.compile("[+-]?[1-9][0-9]{0,2}" + "(?:(?:,[0-9]{3})+\\.[0-9]+|(?:,[0-9]{3}){2,})" + EXPONENT);
    private static final Pattern ONE_COMMA = Pattern.compile("[+-]?[0-9]+,[0-9]+" + EXPONENT);

    /** More digits than any amount or id has; what is longer costs quadratic time to read. */
    private static final int MAX_LENGTH = 400;

    private NumberText() {}

    /** The step {@code number}: text to a number; a number stays as it is, blank text is null. */
    static Object parse(Object value) throws BadValueException {
        if (value == null || value instanceof Number) {
            return value;
        }
        if (!(value instanceof String text)) {
            throw new BadValueException("step number takes text or a number, not " + ValueTypes.kind(value));
        }
        String number = CleaningSteps.trim(text);
        if (number.isEmpty()) {
            return null;
        }
        if (number.length() <= MAX_LENGTH) {
            if (PLAIN.matcher(number).matches()) {
                return new BigDecimal(number);
            }
            if (GROUPED.matcher(number).matches()) {
                return new BigDecimal(number.replace(",", ""));
            }
            if (ONE_COMMA.matcher(number).matches()) {
                throw new BadValueException(
                        "step number: a single comma may group thousands or mark decimals;" + " write 1234 or 1.234");
            }
        }
        throw new BadValueException("step number takes digits, a point for decimals, commas between thousands and an"
                + " exponent, such as 1,234.5 or 1e-3, and nothing else");
    }

    /** Without a type's tolerance: what {@code number} is not needed for. Null if it is none. */
    static BigDecimal plain(String text) {
        return text.length() <= MAX_LENGTH && PLAIN.matcher(text).matches() ? new BigDecimal(text) : null;
    }
}
