package dev.adpipe.schemas.definition;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A value as it may be printed: short, and never a secret. */
final class Shown {
    private static final int LONGEST = 80;
    private static final List<String> CLIENT_PROPERTIES = List.of("pipeline.kafka.", "pipeline.output.sink.kafka.");
    private static final List<String> SECRET_WORDS = List.of("password", "secret", "jaas", "key", "token");

    /** A JDBC address may hold a password, too. */
    private static final Pattern LOOKUP_SECRET = Pattern.compile("pipeline\\.output\\.lookups\\..*\\.(pas.*|url)");

    private Shown() {}

    static String of(String path, ConfigValue value) {
        if (isSecret(path) || DefinitionText.isFromEnvironment(value)) {
            return Problems.HIDDEN;
        }
        if (value instanceof ConfigObject) {
            return "{ .. }";
        }
        if (value instanceof ConfigList list) {
            return shorten(list.stream().map(v -> of(path, v)).collect(Collectors.joining(", ", "[", "]")));
        }
        // An address with user and password in it is refused elsewhere, and must not be quoted there.
        return shorten(text(value).orElse("null").replaceAll("://.*@", "://" + Problems.HIDDEN + "@"));
    }

    /**
     * Client properties by the words in their names; what stands beside a password by its place, so that a misspelt
     * {@code pasword} is one, too. Names of files are none.
     */
    static boolean isSecret(String path) {
        String plain = path.toLowerCase(Locale.ROOT);
        if (plain.endsWith("-file") || plain.endsWith(".location")) {
            return false;
        }
        for (String block : CLIENT_PROPERTIES) {
            if (plain.startsWith(block)) {
                return isSecretProperty(plain.substring(block.length()));
            }
        }
        if (plain.equals("pipeline.tenant") || plain.startsWith("pipeline.tenant.")) {
            return !plain.startsWith("pipeline.tenant.user") && !plain.startsWith("pipeline.tenant.quotas");
        }
        if (LOOKUP_SECRET.matcher(plain).matches()) {
            return true;
        }
        return plain.endsWith("password")
                || ((plain + ".").contains(".credentials.") && !plain.endsWith(".credentials.user"));
    }

    /** Whether the value of a Kafka client's property must not be printed, by the words in its name. */
    static boolean isSecretProperty(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return !plain.endsWith(".location") && SECRET_WORDS.stream().anyMatch(plain::contains);
    }

    /** The text of a scalar as it was written. */
    static Optional<String> text(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> Optional.of(value.atKey("v").getString("v"));
            case NULL, LIST, OBJECT -> Optional.empty();
        };
    }

    private static String shorten(String text) {
        if (text.isBlank()) {
            return "\"" + text + "\"";
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "..";
    }
}
