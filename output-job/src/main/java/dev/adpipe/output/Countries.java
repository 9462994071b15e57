package dev.adpipe.output;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Codes of ISO 3166-1. */
final class Countries {
    private static final int DIGITS = 3;

    /** Alpha-2 by alpha-2, alpha-3 and numeric code. */
    private static final Map<String, String> ALPHA2 = new HashMap<>();

    static {
        for (String each : CodeTable.read("iso-3166-1-numeric.txt")) {
            String alpha2 = each.substring(0, 2);
            ALPHA2.put(alpha2, alpha2);
            ALPHA2.put(each.substring(2), alpha2);
            ALPHA2.put(new Locale("", alpha2).getISO3Country(), alpha2);
        }
        // Not of the standard, but what everybody writes.
        ALPHA2.putAll(Map.of("UK", "GB", "EL", "GR", "XK", "XK", "XKX", "XK", "XKK", "XK"));
    }

    private Countries() {}

    /** The step {@code country}; blank text is null. */
    static String alpha2(String text) throws BadValueException {
        String code = CleaningSteps.trim(text).toUpperCase(Locale.ROOT);
        if (code.isEmpty()) {
            return null;
        }
        boolean number = code.length() < DIGITS && code.chars().allMatch(c -> c >= '0' && c <= '9');
        String alpha2 = ALPHA2.get(number ? "0".repeat(DIGITS - code.length()) + code : code);
        if (alpha2 == null) {
            throw new BadValueException("step country takes codes of ISO 3166: DE, DEU or 276, in any case");
        }
        return alpha2;
    }
}
