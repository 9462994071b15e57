package dev.adpipe.schemas.definition;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A cursor over one block of the definition. Each read gives a {@link Setting} and reports what is missing or of the wrong
 * type; {@link #finish} reports the keys that nobody asked for. A value that the user left out comes from the defaults.
 */
final class ConfigReader {
    private static final ConfigObject EMPTY = ConfigValueFactory.fromMap(Map.of());

    private final Place place;
    private final ConfigObject values;
    private final ConfigObject written;
    private final ConfigObject defaults;
    /** The block itself is wrong and reported; what is missing in it is no further mistake. */
    private final boolean silent;

    private final Set<String> known;

    private ConfigReader(
            Place place, ConfigObject values, ConfigObject written, ConfigObject defaults, boolean silent) {
        this(place, values, written, defaults, silent, new LinkedHashSet<>());
    }

    private ConfigReader(
            Place place,
            ConfigObject values,
            ConfigObject written,
            ConfigObject defaults,
            boolean silent,
            Set<String> known) {
        this.place = place;
        this.values = values;
        this.written = written;
        this.defaults = defaults;
        this.silent = silent;
        this.known = known;
    }

    static ConfigReader root(Problems problems, DefinitionText text, ConfigObject defaults) {
        Place place = new Place(problems, problems.file().toString(), 1, "", Optional.empty());
        return new ConfigReader(place, text.resolved(), text.written(), defaults, false);
    }

    /** The same block with other defaults, those of the type that it turned out to have. */
    ConfigReader withDefaults(ConfigObject itsDefaults) {
        return new ConfigReader(place, values, written, itsDefaults, silent, known);
    }

    /** Where the block stands. */
    Place place() {
        return place;
    }

    /** The block is wrong as a whole, and that is reported. */
    boolean isSilent() {
        return silent;
    }

    /** Where the key stands, or would. */
    Place at(String key) {
        return has(key) ? placeOf(key, values.get(key)) : childPlace(key);
    }

    void required(String key, String what) {
        if (!silent) {
            childPlace(key).reject("is required: " + what);
        }
    }

    /** Whether the user wrote this key; defaults do not count. */
    boolean has(String key) {
        known.add(key);
        ConfigValue value = values.get(key);
        return value != null && value.valueType() != ConfigValueType.NULL;
    }

    /** Whether the user wrote {@code null}, which is not there for {@link #has}. */
    boolean isNull(String key) {
        known.add(key);
        ConfigValue value = values.get(key);
        return value != null && value.valueType() == ConfigValueType.NULL;
    }

    /** Reads the key if it is there, in the file or in the defaults; if not, nothing is missing. */
    <T> Setting<T> ifGiven(String key, Function<String, Setting<T>> read) {
        return has(key) || defaults.get(key) != null ? read.apply(key) : Setting.absent(childPlace(key));
    }

    Setting<String> text(String key) {
        return anyText(key).require(t -> !t.isBlank(), "must not be empty");
    }

    /** The empty string included. */
    Setting<String> anyText(String key) {
        return find(key, "must be a text", ScalarParser::text);
    }

    Setting<Integer> integer(String key, int least, int most) {
        return find(
                key, "must be a whole number from " + least + " to " + most, v -> ScalarParser.integer(v, least, most));
    }

    Setting<Boolean> flag(String key) {
        return find(key, "must be true or false", ScalarParser::flag);
    }

    Setting<Duration> duration(String key) {
        return find(
                key,
                "must be a duration: a number and its unit, from 0ms to 3650d, for example 200ms, 30s, 5m, 1h or 7d",
                ScalarParser::duration);
    }

    Setting<Long> size(String key, long least, long most) {
        return find(
                key,
                "must be a size: a number and its unit, from " + ScalarParser.sizeText(least) + " to "
                        + ScalarParser.sizeText(most) + ", for example 512KiB, 1MiB or 2GiB",
                v -> ScalarParser.size(v, least, most));
    }

    <E extends Enum<E>> Setting<E> choice(String key, Class<E> type) {
        return find(key, "must be " + ScalarParser.choices(type), v -> ScalarParser.choice(v, type));
    }

    /** A file that must be there, relative to the definition's folder. */
    Setting<Path> readableFile(String key) {
        return readable(text(key));
    }

    Setting<Path> readable(Setting<String> path) {
        Setting<Path> file = path.parse(place.problems()::resolve, "is no path of a file");
        return file.require(
                f -> Files.isRegularFile(f) && Files.isReadable(f),
                "there must be a readable file of this name; paths are relative to the definition's folder");
    }

    Setting<URI> address(String key) {
        return find(
                key,
                "must be an address such as http://host:8081, without user or password in it",
                ScalarParser::address);
    }

    /**
     * A secret: the text of the key, or of the file that {@code <key>-file} names. Absent if neither is given; the caller
     * says so if it has to be there.
     */
    Setting<String> secret(String key) {
        String fileKey = key + "-file";
        if (!has(fileKey)) {
            return has(key) ? text(key) : Setting.absent(childPlace(key));
        }
        Setting<Path> file = readableFile(fileKey);
        return has(key)
                ? Setting.<String>absent(at(fileKey)).reject("is given beside " + key + ": one of the two")
                : SecretFile.read(file);
    }

    /** The word {@code none}, for which the result is empty, or what the parser makes of it; null breaks the rule. */
    <T> Setting<Optional<T>> orNone(String key, String rule, Function<ConfigValue, T> parser) {
        return find(key, rule, value -> {
            if (Shown.text(value).filter("none"::equals).isPresent()) {
                return Optional.empty();
            }
            T parsed = parser.apply(value);
            return parsed == null ? null : Optional.of(parsed);
        });
    }

    /** A list of texts, not empty, none twice. */
    Setting<List<String>> texts(String key) {
        return elements(key, "must be a list of one or more texts: [a, b]", false);
    }

    /** The same, or one text alone. */
    Setting<List<String>> textOrTexts(String key) {
        return elements(key, "must be a text, or a list of one or more texts: [a, b]", true);
    }

    /** A block; if it is not there, its defaults are. */
    ConfigReader block(String key) {
        return block(key, defaults.get(key) instanceof ConfigObject d ? d : EMPTY);
    }

    ConfigReader block(String key, ConfigObject itsDefaults) {
        if (!has(key)) {
            boolean missing = silent || defaults.get(key) == null;
            if (missing) {
                required(key, "a block { .. }");
            }
            return new ConfigReader(childPlace(key), EMPTY, EMPTY, itsDefaults, missing);
        }
        return reader(placeOf(key, values.get(key)), values.get(key), writtenOf(key), itsDefaults, "");
    }

    /** The block of this key; a scalar in its place stands for a block with that one key. */
    ConfigReader block(String key, ConfigObject itsDefaults, String shortKey) {
        if (!has(key)) {
            return block(key, itsDefaults);
        }
        return reader(placeOf(key, values.get(key)), values.get(key), writtenOf(key), itsDefaults, shortKey);
    }

    /** The list's elements as blocks; a scalar element stands for a block with that one key, if there is a short key. */
    Setting<List<ConfigReader>> blocks(String key, ConfigObject eachDefaults, String shortKey) {
        Setting<ConfigList> list = find(key, "must be a list: [ .. ]", v -> v instanceof ConfigList l ? l : null);
        return list.map(items -> {
            List<ConfigReader> readers = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                String path = join(place.key(), key) + "[" + i + "]";
                boolean sameLength = writtenOf(key) instanceof ConfigList l && l.size() == items.size();
                ConfigValue before = sameLength ? ((ConfigList) writtenOf(key)).get(i) : null;
                Place at = placeOf(path, items.get(i), before, list.place().line());
                readers.add(reader(at, items.get(i), before, eachDefaults, shortKey));
            }
            return readers;
        });
    }

    /** A table of names: its entries as blocks, in the order of the file's lines; on one line, of the alphabet. */
    Map<String, ConfigReader> named(ConfigObject eachDefaults, String shortKey) {
        List<String> names = values.keySet().stream()
                .filter(this::has)
                .sorted(Comparator.comparingInt((String n) -> at(n).line()).thenComparing(Comparator.naturalOrder()))
                .toList();
        Map<String, ConfigReader> readers = new LinkedHashMap<>();
        for (String name : names) {
            readers.put(name, reader(at(name), values.get(name), writtenOf(name), eachDefaults, shortKey));
        }
        return readers;
    }

    /** Reports every key that no read has asked for. */
    void finish() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                placeOf(key, values.get(key)).reject("unknown key" + Suggestion.text(key, known));
            }
        }
    }

    /** Nested blocks as dotted names: {@code ssl { key { password = x } }} is {@code ssl.key.password}. */
    Map<String, Setting<String>> flattened() {
        Map<String, Setting<String>> flat = new TreeMap<>();
        for (String key : values.keySet()) {
            if (!has(key)) {
                continue;
            }
            ConfigValue value = values.get(key);
            if (value.valueType() == ConfigValueType.OBJECT) {
                ConfigReader block = reader(placeOf(key, value), value, writtenOf(key), EMPTY, "");
                block.flattened().forEach((k, v) -> putOnce(flat, key + "." + k, v));
            } else {
                putOnce(
                        flat,
                        key,
                        value instanceof ConfigList ? texts(key).map(l -> String.join(",", l)) : anyText(key));
            }
        }
        return flat;
    }

    /** Each entry as plain Java: text, numbers, booleans, lists and maps; for what is passed on as it is. */
    Map<String, Setting<Object>> trees() {
        Map<String, Setting<Object>> trees = new TreeMap<>();
        for (String key : values.keySet()) {
            if (has(key)) {
                trees.put(key, find(key, "must be a value", ConfigValue::unwrapped));
            }
        }
        return trees;
    }

    private static void putOnce(Map<String, Setting<String>> flat, String key, Setting<String> value) {
        if (flat.put(key, value) != null) {
            value.reject("is given twice, once as a quoted name");
        }
    }

    private ConfigReader reader(
            Place at, ConfigValue value, ConfigValue before, ConfigObject itsDefaults, String shortKey) {
        ConfigObject writtenBlock = before instanceof ConfigObject o ? o : EMPTY;
        if (value instanceof ConfigObject block) {
            return new ConfigReader(at, block, writtenBlock, itsDefaults, silent);
        }
        boolean scalar = value.valueType() != ConfigValueType.LIST && value.valueType() != ConfigValueType.NULL;
        if (!shortKey.isEmpty() && scalar && !DefinitionText.isUnresolved(value)) {
            return new ConfigReader(at, value.atKey(shortKey).root(), EMPTY, itsDefaults, silent);
        }
        if (!DefinitionText.isUnresolved(value)) {
            at.reject("must be a block { .. }" + (shortKey.isEmpty() ? "" : " or a text"));
        }
        return new ConfigReader(at, EMPTY, EMPTY, itsDefaults, true);
    }

    private Setting<List<String>> elements(String key, String rule, boolean oneAlone) {
        Setting<List<String>> list = find(key, rule, v -> ScalarParser.texts(v, oneAlone));
        return list.require(l -> l.size() == new LinkedHashSet<>(l).size(), "must not name anything twice");
    }

    private <T> Setting<T> find(String key, String rule, Function<ConfigValue, T> parser) {
        boolean given = has(key);
        ConfigValue value = given ? values.get(key) : defaults.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            required(key, rule.replaceFirst("^must be ", ""));
            return Setting.absent(childPlace(key));
        }
        Place at = given
                ? placeOf(key, value)
                : new Place(
                        place.problems(),
                        place.file(),
                        place.line(),
                        join(place.key(), key),
                        Optional.of(Shown.of(key, value) + " (the default)"));
        boolean unresolvedItem = value instanceof ConfigList l && l.stream().anyMatch(DefinitionText::isUnresolved);
        if (unresolvedItem || DefinitionText.isUnresolved(value)) {
            return Setting.absent(at);
        }
        T parsed = parser.apply(value);
        return parsed == null ? Setting.<T>absent(at).reject(rule) : Setting.of(at, parsed);
    }

    private ConfigValue writtenOf(String key) {
        return written.get(key);
    }

    private Place childPlace(String key) {
        return new Place(place.problems(), place.file(), place.line(), join(place.key(), key), Optional.empty());
    }

    private Place placeOf(String key, ConfigValue value) {
        return placeOf(join(place.key(), key), value, writtenOf(key), place.line());
    }

    /** The value's own line; if it came from the environment, the line of its substitution; at worst that of the block. */
    private Place placeOf(String path, ConfigValue value, ConfigValue before, int blockLine) {
        int line = value.origin().lineNumber();
        String file = value.origin().filename();
        if (line < 0 && before != null) {
            line = before.origin().lineNumber();
            file = before.origin().filename();
        }
        if (Shown.isSecret(path)) {
            Shown.text(value).ifPresent(place.problems()::hide);
        }
        return new Place(
                place.problems(),
                file == null ? place.file() : file,
                line < 0 ? blockLine : line,
                path,
                value instanceof ConfigObject ? Optional.empty() : Optional.of(Shown.of(path, value)));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
