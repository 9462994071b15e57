package dev.adpipe.shuffle;

import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.NoScalar;
import dev.adpipe.schemas.payload.PayloadFields;
import dev.adpipe.schemas.payload.Scalars;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The paths of a join key or an event id, and how their values become one text: a single one as it is; several joined by
 * {@code |}, with {@code \} before each {@code |} and {@code \} inside a part, so that different parts never make the
 * same key.
 *
 * @param what      for explanations: {@code the join key of stream click}
 * @param paths     never empty
 * @param first     number of the first of them among the values of {@link PayloadFields}; the others follow
 * @param noneWord  reason if a part is missing, null or empty
 * @param badWord   reason if a part is nothing that can be compared
 */
record KeyPaths(String what, List<FieldPath> paths, int first, String noneWord, String badWord) {
    // Keys and ids stand beside the payload in every record after this one: they may not outgrow the room that our
    // topics leave for them.
    static final int LONGEST = 4_096;

    KeyPaths {
        paths = List.copyOf(paths);
    }

    String text(PayloadFields fields) throws Refusal {
        String text;
        if (paths.size() == 1) {
            text = part(0, fields);
        } else {
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < paths.size(); i++) {
                if (i > 0) {
                    joined.append('|');
                }
                appendEscaped(joined, part(i, fields));
            }
            text = joined.toString();
        }
        checkText(text);
        return text;
    }

    byte[] bytes(PayloadFields fields) throws Refusal {
        return text(fields).getBytes(StandardCharsets.UTF_8);
    }

    private String part(int number, PayloadFields fields) throws Refusal {
        Object value = fields.value(first + number);
        if (value instanceof String text && !text.isEmpty()) {
            return text;
        }
        if (value == NoScalar.MISSING || value == NoScalar.NULL) {
            throw refuse(noneWord, number, value.toString());
        }
        if (value instanceof String) {
            throw refuse(noneWord, number, "is empty");
        }
        if (value instanceof NoScalar) {
            throw refuse(badWord, number, value + ", not text or a number");
        }
        Optional<String> text = Scalars.plainText(value);
        if (text.isEmpty()) {
            throw refuse(badWord, number, "is " + Scalars.quote(value) + ", a number that has no plain text");
        }
        return text.get();
    }

    /** In UTF-8 a lone surrogate becomes a question mark, and different keys become one. */
    private void checkText(String text) throws Refusal {
        if (text.length() > LONGEST) {
            throw new Refusal(
                    badWord, what + " has " + text.length() + " characters; at most " + LONGEST + " are allowed");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                throw new Refusal(
                        badWord,
                        what + " contains half a character (the lone surrogate U+"
                                + Integer.toHexString(c).toUpperCase(Locale.ROOT) + ")");
            }
        }
    }

    private Refusal refuse(String reason, int part, String problem) {
        String use = paths.size() == 1 ? " is taken from it" : " is made of " + paths;
        return new Refusal(reason, "field " + paths.get(part) + " " + problem + "; " + what + use);
    }

    private static void appendEscaped(StringBuilder joined, String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '|' || c == '\\') {
                joined.append('\\');
            }
            joined.append(c);
        }
    }
}
