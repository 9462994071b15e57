package dev.adpipe.local.guarantee;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a join's own log tells of its last start: when it had its partitions, and how it restored their state. */
final class JoinLog {
    private static final Pattern LINE = Pattern.compile("(\\S+Z) +\\w+ +\\[[^]]*] (.*)");
    private static final Pattern COMPLETE =
            Pattern.compile("State of \\S+ is complete: \\d+ keys, read offsets (\\d+) to (\\d+) in (\\d+) ms");

    private final Path file;
    private final long from;

    /**
     * One task's state.
     *
     * @param began  milliseconds since the epoch, as the end
     * @param offsets read of the changelog
     */
    record Restored(long began, long ended, long offsets) {}

    /** Of all tasks, from the first one's beginning to the last one's end. */
    record Restore(long ended, long millis, long offsets) {
        double perSecond() {
            return offsets * 1e3 / Math.max(1, millis);
        }
    }

    private JoinLog(Path file, long from) {
        this.file = file;
        this.from = from;
    }

    /** What will be written from now on. */
    static JoinLog fromNow(Path file) {
        try {
            return new JoinLog(file, Files.exists(file) ? Files.size(file) : 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When the container got partitions, milliseconds since the epoch. */
    OptionalLong assigned() {
        for (String line : lines()) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(2).contains(" was assigned [")) {
                return OptionalLong.of(Instant.parse(matcher.group(1)).toEpochMilli());
            }
        }
        return OptionalLong.empty();
    }

    /**
     * @throws IllegalStateException if the log does not tell of so many tasks
     */
    Restore restore(int tasks) {
        List<Restored> restored = restored(lines());
        if (restored.size() != tasks) {
            throw new IllegalStateException(file + " tells of " + restored.size() + " restored tasks since offset "
                    + from + ", expected are " + tasks + ": the join was started more than once, or lost partitions");
        }
        return together(restored);
    }

    static List<Restored> restored(List<String> lines) {
        List<Restored> restored = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            Matcher complete = COMPLETE.matcher(matcher.matches() ? matcher.group(2) : "");
            if (complete.matches()) {
                long ended = Instant.parse(matcher.group(1)).toEpochMilli();
                long read = Long.parseLong(complete.group(2)) - Long.parseLong(complete.group(1));
                restored.add(new Restored(ended - Long.parseLong(complete.group(3)), ended, read));
            }
        }
        return restored;
    }

    static Restore together(List<Restored> restored) {
        long began = restored.stream().mapToLong(Restored::began).min().orElseThrow();
        long ended = restored.stream().mapToLong(Restored::ended).max().orElseThrow();
        return new Restore(
                ended,
                ended - began,
                restored.stream().mapToLong(Restored::offsets).sum());
    }

    private List<String> lines() {
        try {
            byte[] all = Files.readAllBytes(file);
            int start = Math.toIntExact(Math.min(from, all.length));
            return new String(all, start, all.length - start, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
