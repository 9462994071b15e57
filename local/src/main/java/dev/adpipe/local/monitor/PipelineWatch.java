package dev.adpipe.local.monitor;

import dev.adpipe.local.RowDelay;
import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StatusReader;
import dev.adpipe.local.monitor.StageLife.Verdict;
import dev.adpipe.local.scaling.ContainerSample;
import dev.adpipe.local.scaling.JobScrape;
import dev.adpipe.local.scaling.ScalingAdvice;
import dev.adpipe.local.scaling.ScalingRules;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one pipeline again and again, on a thread of its own, and remembers the last half hour. A Kafka that is away is
 * waited for: the look says so until it is back.
 *
 * <p>The getters may be called by any thread.
 */
final class PipelineWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PipelineWatch.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(30);

    private final PipelineDefinition definition;
    private final Duration interval;
    private final Clock clock;
    private final JobScrape jobs;
    private final ScalingAdvice scaling;
    private final Map<String, StageLife> lives = new HashMap<>();
    private final Map<String, Books> before = new HashMap<>();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Thread thread;
    private volatile Look last = Look.NONE;
    private volatile boolean closing;

    PipelineWatch(PipelineDefinition definition, Duration interval, Clock clock) {
        this.definition = definition;
        this.interval = interval;
        this.clock = clock;
        this.jobs = new JobScrape(
                definition.customer(), definition.name(), definition.runtime().metricsPort());
        this.scaling = new ScalingAdvice(definition, ScalingRules.DEFAULT);
        this.thread = new Thread(this::watch, "adpipe-monitor-" + definition.customer() + "." + definition.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    PipelineDefinition definition() {
        return definition;
    }

    Look last() {
        return last;
    }

    /** What is remembered of after this time, the oldest first. */
    List<Sample> since(long millis) {
        synchronized (samples) {
            return samples.stream().filter(sample -> sample.at() > millis).toList();
        }
    }

    private void watch() {
        while (!closing) {
            try (StatusReader reader = StatusReader.open(definition)) {
                RowDelay rows = reader.rowDelay();
                while (!closing) {
                    look(reader, rows);
                    TimeUnit.MILLISECONDS.sleep(interval.toMillis());
                }
            } catch (InterruptedException | InterruptException e) {
                return;
            } catch (RuntimeException e) {
                if (last.error().isEmpty() || last.at() == 0) {
                    log.warn(
                            "{} cannot be looked at now: {}",
                            definition.topics().group("*"),
                            e.getMessage());
                }
                last = last.failed(String.valueOf(e.getMessage()));
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(interval.toMillis());
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    private void look(StatusReader reader, RowDelay rows) {
        List<StageStatus> stages = reader.read();
        Optional<Double> delay = rows.read().map(PipelineWatch::seconds);
        TreeSet<String> hosts = new TreeSet<>();
        stages.forEach(stage -> hosts.addAll(stage.hosts()));
        List<ContainerSample> containers = jobs.containers(hosts);
        Map<String, Double> utilization = new HashMap<>();
        containers.forEach(c -> utilization.merge(c.stage(), c.utilization(), Math::max));
        long now = clock.millis();
        Map<String, Integer> recommended = new HashMap<>();
        scaling.look(now, stages, containers)
                .forEach(advice -> advice.containers()
                        .ifPresent(n -> recommended.put(advice.load().stage(), n)));
        Map<String, String> words = new HashMap<>();
        Map<String, String> why = new HashMap<>();
        for (StageStatus stage : stages) {
            Verdict verdict =
                    lives.computeIfAbsent(stage.stage(), s -> new StageLife()).of(stage, now);
            words.put(stage.stage(), verdict.word());
            why.put(stage.stage(), verdict.why());
        }
        double oldest = stages.stream()
                .mapToDouble(stage -> seconds(stage.backlogTime()))
                .max()
                .orElse(0);
        Optional<Double> endToEnd = delay.map(d -> Math.max(d, oldest));
        remember(sample(now, stages, utilization, endToEnd));
        last = new Look(now, Optional.empty(), stages, words, why, recommended, endToEnd);
    }

    private Sample sample(
            long now, List<StageStatus> stages, Map<String, Double> utilization, Optional<Double> endToEnd) {
        double elapsed = last.at() == 0 ? 0 : Math.max(1, now - last.at()) / 1e3;
        Map<String, Sample.Stage> all = new LinkedHashMap<>();
        for (StageStatus stage : stages) {
            Books books = stage.books();
            Books earlier = elapsed == 0 ? null : before.get(stage.stage());
            all.put(
                    stage.stage(),
                    new Sample.Stage(
                            rate(Books::in, books, earlier, elapsed),
                            rate(Books::emitted, books, earlier, elapsed),
                            rate(Books::duplicate, books, earlier, elapsed),
                            rate(Books::unmatched, books, earlier, elapsed),
                            rate(Books::deadLettered, books, earlier, elapsed),
                            seconds(stage.backlogTime()),
                            stage.backlogRecords(),
                            utilization.get(stage.stage())));
            before.put(stage.stage(), books);
        }
        return new Sample(now, endToEnd.orElse(null), all);
    }

    private static Double rate(ToLongFunction<Books> entry, Books now, Books earlier, double elapsed) {
        return earlier == null
                ? null
                : Double.valueOf(Math.max(0, entry.applyAsLong(now) - entry.applyAsLong(earlier)) / elapsed);
    }

    private void remember(Sample sample) {
        synchronized (samples) {
            samples.addLast(sample);
            while (sample.at() - samples.getFirst().at() > REMEMBERED.toMillis()) {
                samples.removeFirst();
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** Returns when the thread has ended, or soon. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
