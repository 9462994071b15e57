package dev.adpipe.schemas.definition;

import java.util.Optional;

/**
 * One mistake in a pipeline definition. Holds no secrets: hidden values are already replaced by {@code (hidden)}.
 *
 * @param file  as the user named it
 * @param line  1 for the first; 0 if the mistake has no line, such as a file that is not there
 * @param key   path of the key, {@code pipeline.shuffle.partitions}; empty if it concerns no key
 * @param value what stands there; empty if nothing does
 * @param rule  what was broken, and what to do
 */
public record Problem(String file, int line, String key, Optional<String> value, String rule) {

    /** {@code file:line: key = value: rule}, on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        if (!key.isEmpty()) {
            text.append(": ").append(key);
            value.ifPresent(v -> text.append(" = ").append(v));
        }
        return text.append(": ").append(rule).toString().replaceAll("\\R\\s*", " ");
    }
}
