package dev.adpipe.output;

import java.util.Locale;
import java.util.Set;

/** Booleans as producers write them. */
final class BooleanText {
    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0");

    private BooleanText() {}

    /** The step {@code boolean}: a boolean stays as it is, blank text is null. */
    static Object parse(Object value) throws BadValueException {
        if (value == null || value instanceof Boolean) {
            return value;
        }
        String text = CleaningSteps.trim(ValueTypes.text(value)).toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return null;
        }
        if (TRUE.contains(text)) {
            return true;
        }
        if (FALSE.contains(text)) {
            return false;
        }
        throw new BadValueException(
                "step boolean takes true, t, yes, y, on, 1, false, f, no, n, off and 0, in any case; use the step map for"
                        + " others");
    }
}
