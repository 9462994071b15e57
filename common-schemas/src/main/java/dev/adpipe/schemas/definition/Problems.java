package dev.adpipe.schemas.definition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects the mistakes of one definition while it is read, and keeps secrets out of them. */
final class Problems {
    static final String HIDDEN = "(hidden)";

    /** A shorter secret is likely to be part of an ordinary word; it is still never shown as a value. */
    private static final int SHORTEST_SCRUBBED = 6;

    private final Path file;
    private final List<Problem> found = new ArrayList<>();
    private final Set<String> secrets = new HashSet<>();

    Problems(Path file) {
        this.file = file;
    }

    /** The definition, as the user named it. */
    Path file() {
        return file;
    }

    /** A path of the definition, which is relative to the definition's own folder. */
    Path resolve(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    void add(String where, int line, String key, Optional<String> value, String rule) {
        found.add(new Problem(where, line, key, value, rule));
    }

    /** From now on the text appears in no problem, whatever it is part of. */
    void hide(String secret) {
        if (secret.length() >= SHORTEST_SCRUBBED) {
            secrets.add(secret);
        }
    }

    /** In the order of the file; included files after it. */
    List<Problem> sorted() {
        return found.stream()
                .map(this::scrubbed)
                .distinct()
                .sorted(Comparator.comparing((Problem p) -> !p.file().equals(file.toString()))
                        .thenComparing(Problem::file)
                        .thenComparingInt(Problem::line))
                .toList();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidDefinitionException(sorted());
        }
    }

    private Problem scrubbed(Problem p) {
        return new Problem(p.file(), p.line(), scrub(p.key()), p.value().map(this::scrub), scrub(p.rule()));
    }

    private String scrub(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, HIDDEN);
        }
        return clean;
    }
}
