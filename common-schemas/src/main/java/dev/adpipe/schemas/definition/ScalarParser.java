package dev.adpipe.schemas.definition;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Single values out of HOCON. Every method returns null for what is not of its type or range. */
final class ScalarParser {
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("\\d+(\\.\\d+)?\\s*[a-zA-Z]+");

    private ScalarParser() {}

    static String text(ConfigValue value) {
        return Shown.text(value).orElse(null);
    }

    static Integer integer(ConfigValue value, int least, int most) {
        try {
            BigInteger number = new BigInteger(Shown.text(value).orElse(""));
            boolean inRange =
                    number.compareTo(BigInteger.valueOf(least)) >= 0 && number.compareTo(BigInteger.valueOf(most)) <= 0;
            return inRange ? number.intValueExact() : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static Boolean flag(ConfigValue value) {
        return switch (Shown.text(value).orElse("")) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> null;
        };
    }

    /** The unit is required, and whole milliseconds: that is what everything here counts in. */
    static Duration duration(ConfigValue value) {
        String text = Shown.text(value).orElse("").strip();
        if (!NUMBER_AND_UNIT.matcher(text).matches()) {
            return null;
        }
        try {
            Duration duration = ConfigValueFactory.fromAnyRef(text).atKey("v").getDuration("v");
            boolean legal = !duration.isNegative() && duration.compareTo(LONGEST) <= 0;
            return legal && duration.toNanosPart() % 1_000_000 == 0 ? duration : null;
        } catch (ConfigException | ArithmeticException e) {
            return null;
        }
    }

    /** As it would stand in a definition: the largest unit without a fraction. */
    static String durationText(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 60 != 0) {
            return seconds + "s";
        }
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
    }

    static Long size(ConfigValue value, long least, long most) {
        String text = Shown.text(value).orElse("").strip();
        if (!NUMBER_AND_UNIT.matcher(text).matches()) {
            return null;
        }
        try {
            long bytes = ConfigValueFactory.fromAnyRef(text).atKey("v").getBytes("v");
            return bytes >= least && bytes <= most ? bytes : null;
        } catch (ConfigException | ArithmeticException e) {
            return null;
        }
    }

    static String sizeText(long bytes) {
        long kib = bytes / 1024;
        if (kib % (1024 * 1024) == 0 && kib > 0) {
            return kib / (1024 * 1024) + "GiB";
        }
        return kib % 1024 == 0 && kib > 0 ? kib / 1024 + "MiB" : kib + "KiB";
    }

    static BigDecimal number(String text) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) > 30 || number.precision() > 30) {
            throw new NumberFormatException("more digits than a long or a double has");
        }
        return number;
    }

    static URI address(ConfigValue value) {
        try {
            URI address = URI.create(Shown.text(value).orElse(""));
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            return http && address.getHost() != null && address.getUserInfo() == null ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static List<String> texts(ConfigValue value, boolean oneAlone) {
        List<String> texts = new ArrayList<>();
        if (value instanceof ConfigList list) {
            for (ConfigValue item : list) {
                texts.add(text(item));
            }
        } else if (oneAlone) {
            texts.add(text(value));
        }
        return texts.isEmpty() || texts.stream().anyMatch(t -> t == null || t.isBlank()) ? null : texts;
    }

    static <E extends Enum<E>> E choice(ConfigValue value, Class<E> type) {
        String text = Shown.text(value).orElse("");
        return Arrays.stream(type.getEnumConstants())
                .filter(e -> name(e).equals(text))
                .findFirst()
                .orElse(null);
    }

    /** {@code eager or on-close}. */
    static <E extends Enum<E>> String choices(Class<E> type) {
        List<String> names =
                Arrays.stream(type.getEnumConstants()).map(ScalarParser::name).toList();
        String last = names.get(names.size() - 1);
        if (names.size() == 1) {
            return last;
        }
        return names.stream().limit(names.size() - 1L).collect(Collectors.joining(", ")) + " or " + last;
    }

    /** As it stands in a definition. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
