package dev.adpipe.local.druid.server;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Maven has fetched so far, by what it says. */
public record Fetched(int jars, long bytes) {
    static final Fetched NOTHING = new Fetched(0, 0);

    /** As Druid 33.0.0 has them; fewer are fetched where Maven has some already. */
    private static final Fetched ALL = new Fetched(203, 158_000_000);

    private static final Pattern JAR = Pattern.compile(".*Downloaded from .*\\.jar \\(([\\d.]+) (B|kB|MB|GB) .*");

    /** After one more line of Maven's. */
    Fetched plus(String line) {
        Matcher jar = JAR.matcher(line);
        if (!jar.matches()) {
            return this;
        }
        double unit = switch (jar.group(2)) {
            case "kB" -> 1e3;
            case "MB" -> 1e6;
            case "GB" -> 1e9;
            default -> 1;
        };
        return new Fetched(jars + 1, bytes + Math.round(Double.parseDouble(jar.group(1)) * unit));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of about %d jars, %.0f of about %.0f MB",
                jars,
                ALL.jars,
                bytes / 1e6,
                ALL.bytes / 1e6);
    }
}
