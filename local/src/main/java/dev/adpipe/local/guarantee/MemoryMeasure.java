package dev.adpipe.local.guarantee;

import dev.adpipe.runtime.Books;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The memory of a join container in the course of a run under load, in which keys are born and die all the time: resident
 * memory as the system has it, and Java's heap, least and most of each span of time.
 */
final class MemoryMeasure {
    private static final Duration SPAN = Duration.ofMinutes(5);
    private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);
    private static final long SAMPLE_MS = 2_000;
    private static final String LINE = "%-16s %12s %12s %12s %12s %12s %12s%n";

    private final RunSettings settings;
    private final PrintWriter out;

    MemoryMeasure(RunSettings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    void run() {
        try (Theatre theatre = new Theatre(settings.dir(), 1, settings.times(), Theatre.Heaps.FULL, settings.mains())) {
            theatre.startJobs();
            Load load = new Load(theatre.kafka().bootstrap(), settings.seed(), settings.times(), settings.rate());
            out.printf(
                    Locale.ROOT,
                    LINE,
                    "minutes",
                    "RSS least MB",
                    "most MB",
                    "heap least",
                    "most MB",
                    "events/s",
                    "backlog");
            String group = theatre.pipeline().topics().group("join");
            Wait.until(
                    "the join is at work",
                    STARTED_WITHIN,
                    () -> theatre.kafka().books(group).in() > 0);
            long end = System.nanoTime() + settings.atLeast().toNanos();
            for (int span = 0; System.nanoTime() < end; span++) {
                span(theatre, load, span, Math.min(end, System.nanoTime() + SPAN.toNanos()));
            }
            theatre.clear();
        }
    }

    private void span(Theatre theatre, Load load, int span, long end) {
        JobProcess join = theatre.jobs().first("join");
        long pid = join.pid();
        long began = System.nanoTime();
        Books before = theatre.kafka().books(theatre.pipeline().topics().group("join"));
        LongSummaryStatistics rss = new LongSummaryStatistics();
        LongSummaryStatistics heap = new LongSummaryStatistics();
        while (System.nanoTime() < end) {
            load.requireAlive();
            requireSame(theatre, pid);
            rss.accept(residentKb(pid));
            heapKb(pid).ifPresent(heap);
            Wait.millis(SAMPLE_MS);
        }
        Books after = theatre.kafka().books(theatre.pipeline().topics().group("join"));
        Books shuffled = theatre.kafka().books(theatre.pipeline().topics().group("shuffle"));
        double seconds = (System.nanoTime() - began) / 1e9;
        long minutes = span * SPAN.toMinutes();
        out.printf(
                Locale.ROOT,
                LINE,
                minutes + " to " + Math.round(minutes + seconds / 60),
                rss.getMin() / 1024,
                rss.getMax() / 1024,
                heap.getCount() == 0 ? "-" : heap.getMin() / 1024,
                heap.getCount() == 0 ? "-" : heap.getMax() / 1024,
                Math.round((after.in() - before.in()) / seconds),
                shuffled.emitted() - after.in());
        out.flush();
    }

    /** Figures of a process that was started anew say nothing. */
    private static void requireSame(Theatre theatre, long pid) {
        theatre.jobs().failure().ifPresent(failure -> {
            throw new IllegalStateException(failure);
        });
        JobProcess join = theatre.jobs().first("join");
        if (join.fallen() || join.pid() != pid || !theatre.jobs().restarts().isEmpty()) {
            throw new IllegalStateException(
                    "a job has ended by itself and was started anew, so this is no measurement: "
                            + theatre.jobs().restarts() + ", see " + join.log() + " and the logs beside it");
        }
    }

    private static long residentKb(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("the join, process " + pid + ", is gone, or this is no Linux", e);
        }
    }

    /** Used heap, from what the process shows to jstat; empty where there is no JDK. */
    private static OptionalLong heapKb(long pid) {
        Path jstat = Path.of(System.getProperty("java.home"), "bin", "jstat");
        if (!Files.isExecutable(jstat)) {
            return OptionalLong.empty();
        }
        try {
            Process process = new ProcessBuilder(jstat.toString(), "-gc", Long.toString(pid))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                List<String> lines = reader.lines().toList();
                return lines.size() < 2 ? OptionalLong.empty() : used(lines.get(0), lines.get(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OptionalLong used(String head, String figures) {
        String[] names = head.trim().split("\\s+");
        String[] values = figures.trim().split("\\s+");
        double sum = 0;
        for (int i = 0; i < Math.min(names.length, values.length); i++) {
            if (List.of("S0U", "S1U", "EU", "OU").contains(names[i])) {
                sum += Double.parseDouble(values[i]);
            }
        }
        return OptionalLong.of((long) sum);
    }
}
