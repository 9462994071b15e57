package dev.adpipe.schemas.definition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file as HOCON: parsed, then with its substitutions resolved from itself and from the environment.
 *
 * @param written  before substitution; knows the lines of values that came from the environment
 * @param resolved after it
 */
record DefinitionText(ConfigObject written, ConfigObject resolved) {
    /** Origin of a value that came from the environment. */
    private static final String FROM_ENVIRONMENT = "environment variable ";
    /** Origin of the stand-in for a substitution that could not be resolved; its problem is already reported. */
    private static final String UNRESOLVED = "unresolved substitution ";

    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]+)}");
    private static final Pattern SECRET_LINE =
            Pattern.compile("password|secret|jaas|token|credential", Pattern.CASE_INSENSITIVE);

    /** Empty if the file is no HOCON at all; the problem is reported then. */
    static Optional<DefinitionText> read(Problems problems, Map<String, String> environment) {
        Path file = problems.file();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            problems.add(
                    file.toString(),
                    0,
                    "",
                    Optional.empty(),
                    "cannot be read: there must be a readable file of this name");
            return Optional.empty();
        }
        try {
            Config parsed = ConfigFactory.parseFile(
                    file.toFile(),
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false));
            return Optional.of(new DefinitionText(parsed.root(), resolve(parsed, problems, environment)));
        } catch (ConfigException e) {
            reportSyntax(e, problems);
            return Optional.empty();
        }
    }

    /** The value holds text that came from the environment, and so is a secret until proven otherwise. */
    static boolean isFromEnvironment(ConfigValue value) {
        return value.origin().description().contains(FROM_ENVIRONMENT);
    }

    static boolean isUnresolved(ConfigValue value) {
        return value.origin().description().contains(UNRESOLVED);
    }

    /** The library stops at the first unresolved substitution; a stand-in for each lets the others be found too. */
    private static ConfigObject resolve(Config parsed, Problems problems, Map<String, String> environment) {
        Set<String> unresolved = new HashSet<>();
        ConfigResolver resolver = new EnvironmentResolver(problems, environment, unresolved);
        ConfigResolveOptions options =
                ConfigResolveOptions.defaults().setUseSystemEnvironment(false).appendResolver(resolver);
        while (true) {
            try {
                return parsed.resolve(options).root();
            } catch (ConfigException.UnresolvedSubstitution e) {
                Matcher name = SUBSTITUTION.matcher(e.getMessage());
                if (!name.find() || e.getMessage().contains("cycle") || !unresolved.add(name.group(1))) {
                    throw e;
                }
                problems.add(
                        fileOf(e, problems),
                        lineOf(e),
                        "",
                        Optional.empty(),
                        "${" + name.group(1) + "}: there is no such environment variable and no such key in this file;"
                                + " set it, or write ${?" + name.group(1) + "} if it may be absent");
            }
        }
    }

    private record EnvironmentResolver(Problems problems, Map<String, String> environment, Set<String> unresolved)
            implements ConfigResolver {
        @Override
        public ConfigValue lookup(String path) {
            String value = environment.get(path);
            if (value != null) {
                problems.hide(value);
                return ConfigValueFactory.fromAnyRef(value, FROM_ENVIRONMENT + path);
            }
            return unresolved.contains(path) ? ConfigValueFactory.fromAnyRef("?", UNRESOLVED + path) : null;
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }

    private static void reportSyntax(ConfigException e, Problems problems) {
        int line = lineOf(e);
        String message = e.getMessage();
        if (e.origin() != null && message.startsWith(e.origin().description() + ": ")) {
            message = message.substring(e.origin().description().length() + 2);
        }
        // The parser quotes what it stumbled over, which may be a piece of a secret.
        String detail = nearSecret(Path.of(fileOf(e, problems)), line)
                ? "(the parser's words are hidden: a secret stands near this line)"
                : message;
        problems.add(fileOf(e, problems), line, "", Optional.empty(), "is no valid HOCON: " + detail);
    }

    private static boolean nearSecret(Path file, int line) {
        try {
            List<String> lines = Files.readAllLines(file);
            int last = Math.min(lines.size(), line + 1);
            return line <= 0
                    || lines.subList(Math.min(last, Math.max(0, line - 3)), last).stream()
                            .anyMatch(l -> SECRET_LINE.matcher(l).find());
        } catch (IOException e) {
            return true;
        }
    }

    private static String fileOf(ConfigException e, Problems problems) {
        return e.origin() == null || e.origin().filename() == null
                ? problems.file().toString()
                : e.origin().filename();
    }

    private static int lineOf(ConfigException e) {
        return e.origin() == null ? 0 : Math.max(0, e.origin().lineNumber());
    }
}
