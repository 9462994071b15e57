package dev.adpipe.schemas.definition;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What somebody probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** {@code ; did you mean 'x'?}, or nothing if no candidate is near. */
    static String text(String written, Collection<String> candidates) {
        return nearest(written, candidates)
                .map(c -> "; did you mean '" + c + "'?")
                .orElse("");
    }

    static Optional<String> nearest(String written, Collection<String> candidates) {
        String plain = plain(written);
        String best = null;
        int bestDistance = Math.max(1, plain.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(plain, plain(candidate));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Case, and the ways to join words, are no difference: eventId, event_id, event-id. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Levenshtein: insertions, deletions and replacements from one to the other. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
