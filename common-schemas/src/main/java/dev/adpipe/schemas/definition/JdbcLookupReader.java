package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.JdbcLookup;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A lookup of type {@code jdbc}: a query, or a table and two of its columns. */
final class JdbcLookupReader {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)*");
    private static final String NAME_RULE =
            "must be a name of letters, digits, '_' and '$', or several joined by dots; write a query for others";

    private JdbcLookupReader() {}

    static Optional<JdbcLookup> read(ConfigReader in) {
        Setting<String> url = in.text("url")
                .require(u -> u.startsWith("jdbc:"), "must begin with jdbc:, as jdbc:postgresql://host:5432/db")
                .require(
                        u -> !u.toLowerCase(Locale.ROOT).contains("password="),
                        "must not hold a password; set the key password, from the environment");
        Setting<String> user = in.ifGiven("user", in::text);
        Setting<String> password = in.secret("password");
        Setting<Duration> every = in.duration("every").require(e -> e.compareTo(SHORTEST) >= 0, "must be at least 1s");
        Setting<String> query = in.has("query") || !in.has("table") ? query(in) : table(in);
        return url.isPresent() && every.isPresent() && query.isPresent()
                ? Optional.of(new JdbcLookup(url.get(), user.value(), password.value(), query.get(), every.get()))
                : Optional.empty();
    }

    private static Setting<String> query(ConfigReader in) {
        if (!in.has("query")) {
            in.place().reject("must have query, which gives two columns, id and name, or table, key and value");
            return Setting.absent(in.place());
        }
        for (String useless : new String[] {"table", "key", "value"}) {
            if (in.has(useless)) {
                in.at(useless).reject("has no use beside query, which says it all; remove it");
            }
        }
        return in.text("query");
    }

    private static Setting<String> table(ConfigReader in) {
        Setting<String> table = name(in, "table");
        Setting<String> key = name(in, "key");
        Setting<String> value = name(in, "value");
        return table.isPresent() && key.isPresent() && value.isPresent()
                ? Setting.of(table.place(), "select " + key.get() + ", " + value.get() + " from " + table.get())
                : Setting.absent(in.place());
    }

    private static Setting<String> name(ConfigReader in, String key) {
        return in.text(key).require(n -> NAME.matcher(n).matches(), NAME_RULE);
    }
}
