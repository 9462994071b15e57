package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Makes the declared cleaning steps ready to run.
 *
 * <p>Null passes through every step but {@code default}. A step that works on text takes numbers and booleans as their
 * text; a list or an object is a bad value for every step, but for an object and {@code json}. Elements of a list come one
 * by one, see {@link FieldReader}.
 */
final class CleaningSteps {
    private CleaningSteps() {}

    static List<FieldStep> of(List<CleaningStep> declared, Lookups lookups) {
        return declared.stream().map(step -> of(step, lookups)).toList();
    }

    private static FieldStep of(CleaningStep step, Lookups lookups) {
        return step instanceof CleaningStep.Currency currency ? CurrencyStep.of(currency, lookups) : of(step);
    }

    static ValueStep of(CleaningStep step) {
        if (step instanceof CleaningStep.Trim) {
            return onText(CleaningSteps::trim);
        }
        if (step instanceof CleaningStep.Lower) {
            return onText(text -> text.toLowerCase(Locale.ROOT));
        }
        if (step instanceof CleaningStep.Upper) {
            return onText(text -> text.toUpperCase(Locale.ROOT));
        }
        if (step instanceof CleaningStep.ParseNumber) {
            return NumberText::parse;
        }
        if (step instanceof CleaningStep.ParseBoolean) {
            return BooleanText::parse;
        }
        if (step instanceof CleaningStep.Scale scale) {
            return value -> scaled(value, scale.exponent());
        }
        if (step instanceof CleaningStep.Country) {
            return onText(Countries::alpha2);
        }
        if (step instanceof CleaningStep.Language) {
            return onText(Languages::shortest);
        }
        if (step instanceof CleaningStep.Split split) {
            return value -> value == null ? null : split(ValueTypes.text(value), split.separator());
        }
        if (step instanceof CleaningStep.Json json) {
            return new JsonStep(json.path());
        }
        if (step instanceof CleaningStep.UserAgent agent) {
            UserAgents agents = UserAgents.shared();
            return onText(text -> agents.part(text, agent.part()));
        }
        if (step instanceof CleaningStep.Truncate truncate) {
            return onText(text -> truncate(text, truncate.length()));
        }
        if (step instanceof CleaningStep.Domain) {
            return onText(text -> trim(text).isEmpty() ? null : UrlDomain.of(trim(text)));
        }
        if (step instanceof CleaningStep.MapValues table) {
            return value -> mapped(value, table);
        }
        if (step instanceof CleaningStep.Default fallback) {
            return value -> value == null || value.equals("") ? fallback.value() : value;
        }
        if (step instanceof CleaningStep.TimeBucket bucket) {
            return new TimeBucketStep(bucket.size(), bucket.format());
        }
        throw new IllegalArgumentException("no such cleaning step: " + step);
    }

    /** Spreadsheets pad with no-break spaces, which {@link String#strip} leaves. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (from < to && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Counts UTF-16 units, so that no character beyond the 16-bit ones is cut in two. */
    static String truncate(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        boolean splitsPair = length > 0
                && Character.isHighSurrogate(text.charAt(length - 1))
                && Character.isLowSurrogate(text.charAt(length));
        return text.substring(0, splitsPair ? length - 1 : length);
    }

    /** What the table does not name stays; {@code otherwise} does not stand in for what is missing. */
    private static Object mapped(Object value, CleaningStep.MapValues table) throws BadValueException {
        if (value == null) {
            return null;
        }
        String text = ValueTypes.text(value);
        String replacement = table.values().get(text);
        if (replacement != null) {
            return replacement;
        }
        return text.isEmpty() || table.otherwise().isEmpty()
                ? value
                : table.otherwise().get();
    }

    private static Object scaled(Object value, int exponent) throws BadValueException {
        BigDecimal number = ValueTypes.amount(value, "step scale");
        return number == null ? null : number.scaleByPowerOfTen(exponent);
    }

    /** Parts without the blanks around them; empty ones are left out. */
    private static List<String> split(String text, String separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int at = text.indexOf(separator, from);
            int to = at < 0 ? text.length() : at;
            String part = trim(text.substring(from, to));
            if (!part.isEmpty()) {
                parts.add(part);
            }
            from = to + separator.length();
        }
        return parts;
    }

    private static ValueStep onText(TextFunction function) {
        return value -> value == null ? null : function.apply(ValueTypes.text(value));
    }

    @FunctionalInterface
    private interface TextFunction {
        String apply(String text) throws BadValueException;
    }
}
