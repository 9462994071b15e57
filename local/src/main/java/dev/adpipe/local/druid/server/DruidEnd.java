package dev.adpipe.local.druid.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Why Druid's process has ended, from the end of its log. */
final class DruidEnd {
    private static final int LINES = 5;
    private static final int KILLED = 128 + 9;

    private DruidEnd() {}

    static String explain(int exitCode, Path log) {
        List<String> lines = lines(log);
        String text = String.join("\n", lines);
        String ended = "Druid has ended with exit code " + exitCode;
        if (text.contains("Address already in use")) {
            return ended
                    + ": a port that was free has been taken by another process meanwhile. Start again; the log is "
                    + log;
        }
        if (text.contains("OutOfMemoryError")) {
            return ended + ": it ran out of its memory of 512 MB. Its log is " + log;
        }
        if (exitCode == KILLED) {
            return "Druid was killed, by somebody or by the system for want of memory. Its log is " + log;
        }
        return ended + "; the end of its log " + log + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    private static List<String> lines(Path log) {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of("(it cannot be read: " + e + ")");
        }
    }
}
