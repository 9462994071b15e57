package dev.adpipe.output;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Codes of ISO 639-1 and 639-2, and tags of BCP 47 that begin with one. */
final class Languages {
    /** A header Accept-Language names several; the first is the one preferred. */
    private static final Pattern TAG = Pattern.compile("([a-z]{2,3})(?:[-_][a-z0-9_-]*)?(?:[,;].*)?");

    private static final String UNDETERMINED = "und";

    /** The code of two letters, if there is one, or of three, by every code of the language. */
    private static final Map<String, String> SHORTEST = new HashMap<>();

    static {
        for (String language : CodeTable.read("iso-639-2.txt")) {
            String[] codes = language.split("=");
            for (String code : codes) {
                SHORTEST.put(code, codes[0]);
            }
        }
        // Withdrawn, but still sent.
        SHORTEST.putAll(Map.of("iw", "he", "in", "id", "ji", "yi", "mo", "ro"));
    }

    private Languages() {}

    /** The step {@code language}; blank text and {@code und} are null. */
    static String shortest(String text) throws BadValueException {
        String tag = CleaningSteps.trim(text).toLowerCase(Locale.ROOT);
        if (tag.isEmpty()) {
            return null;
        }
        Matcher matcher = TAG.matcher(tag);
        String language = matcher.matches() ? SHORTEST.get(matcher.group(1)) : null;
        if (language == null) {
            throw new BadValueException(
                    "step language takes codes of ISO 639 and tags of BCP 47: en, eng, en-US or en_us, in any case");
        }
        return language.equals(UNDETERMINED) ? null : language;
    }
}
