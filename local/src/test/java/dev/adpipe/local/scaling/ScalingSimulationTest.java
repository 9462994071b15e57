package dev.adpipe.local.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.scaling.Simulation.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * The advice and Kubernetes' rules together, against recorded and synthetic load: does not wander back and forth, keeps the
 * backlog within its objective, takes fewer container hours than the fixed number that keeps it, too. Prints its figures;
 * {@code docs/operations.md} shows them.
 */
class ScalingSimulationTest {
    private static final long SEED = 5;
    private static final int HOUR = 3600;
    private static final int DAY = 24 * HOUR;
    private static final Path RECORDED =
            Path.of("").toAbsolutePath().getParent().resolveSibling("shared/data/open-bandit/impressions.jsonl.gz");

    @Test
    void aDailyWave() throws IOException {
        Scenario wave = Scenario.of("daily wave, 3 days", 72, noisy(t -> wave(t)));
        Result scaled = compared(wave, 8, 0, 0.30);
        // From 2 to 12 and back, one by one downwards, three times.
        assertThat(scaled.actions()).isBetween(3 * 10, 3 * 20);
    }

    @Test
    void aSpikeOfFourTimesTheLoadForHalfAnHour() throws IOException {
        Scenario spike = Scenario.of(
                "spike, 1 day", 24, noisy(t -> t >= 12 * HOUR && t < 12 * HOUR + HOUR / 2 ? 80_000 : 20_000));
        Result scaled = compared(spike, 3, 0, 0.50);
        assertThat(scaled.actions()).isBetween(4, 16);
    }

    @Test
    void anOutageOfHalfAnHourAndCatchingUp() throws IOException {
        Scenario outage = Scenario.of("outage, 1 day", 24, noisy(t -> wave(t))).withOutage(5 * HOUR, HOUR / 2);
        Result scaled = compared(outage, 8, 0, 0.50);
        assertThat(scaled.caughtUp()).isBetween(60, Scenario.CATCH_UP);
    }

    @Test
    void nothingHappensWhileTheLoadIsSteady() throws IOException {
        Result scaled =
                new Simulation(Scenario.of("steady, 1 day", 24, noisy(t -> 40_000)), Simulation.evenly(SEED)).scaled(6);
        assertThat(scaled.actions()).isZero();
        assertThat(scaled.backlogSeconds()).isLessThan(10);
    }

    /**
     * The week of a real shop's page, made as high as a large customer's. Counted by the hour, 60 impressions each: finer, it
     * would be the sample's own noise.
     */
    @Test
    void aRecordedWeek() throws IOException {
        assumeTrue(
                Files.isRegularFile(RECORDED),
                "skipped: the Open Bandit sample is not there; it is looked for in ../shared/data/open-bandit beside the"
                        + " checkout");
        double[] hours = shares(HOUR);
        IntToDoubleFunction recorded = t -> 30_000 * between(hours, (t - HOUR / 2.0) / HOUR);
        Result scaled = compared(Scenario.of("recorded, 7 days", 7 * 24, recorded), 4, 1, 0.50);
        assertThat(scaled.actions()).isBetween(7 * 4, 7 * 20);
    }

    /** Ten thousand a second at night, ninety thousand in the evening. */
    private static double wave(int second) {
        return 50_000 * (1 - 0.8 * Math.cos(2 * Math.PI * second / DAY));
    }

    private static IntToDoubleFunction noisy(IntToDoubleFunction load) {
        Random random = new Random(SEED);
        double[] noise = random.doubles(3 * DAY / 10 + 1, 0.9, 1.1).toArray();
        return t -> load.applyAsDouble(t) * noise[t / 10];
    }

    private static Result compared(Scenario scenario, int start, int relapses, double saved) throws IOException {
        Simulation simulation = new Simulation(scenario, Simulation.evenly(SEED));
        Result scaled = simulation.scaled(start);
        Result fixed = simulation.fixed();
        System.out.printf(
                Locale.ROOT,
                "%s | %d actions, %d relapses | at most %d s backlog, caught up in %d s | %d containers at most, %,.0f"
                        + " hours | fixed %d: %,.0f hours, %d s, caught up in %d s | saved %.0f %%%n",
                scenario.name(),
                scaled.actions(),
                scaled.relapses(),
                scaled.backlogSeconds(),
                scaled.caughtUp(),
                scaled.most(),
                scaled.hours(),
                fixed.most(),
                fixed.hours(),
                fixed.backlogSeconds(),
                fixed.caughtUp(),
                100 * (1 - scaled.hours() / fixed.hours()));
        assertThat(scaled.relapses()).as("thrashing, seed " + SEED).isLessThanOrEqualTo(relapses);
        assertThat(scaled.backlogSeconds()).as("backlog, seed " + SEED).isLessThanOrEqualTo(Scenario.OBJECTIVE);
        assertThat(1 - scaled.hours() / fixed.hours()).as("saved, seed " + SEED).isGreaterThanOrEqualTo(saved);
        return scaled;
    }

    /** Straight lines from the middle of each hour to that of the next. */
    private static double between(double[] values, double at) {
        int before = Math.max(0, Math.min(values.length - 2, (int) Math.floor(at)));
        double part = Math.max(0, Math.min(1, at - before));
        return values[before] + part * (values[before + 1] - values[before]);
    }

    /** Impressions of each so many seconds of the week, as a share of the mean number. */
    private static double[] shares(int seconds) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Instant start = Instant.parse("2019-11-24T00:00:00Z");
        double[] shares = new double[7 * DAY / seconds];
        int all = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(RECORDED)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String time = json.readTree(line).get("timestamp").asText();
                Instant at = Instant.parse(time.replace(' ', 'T').replace("+00:00", "Z"));
                shares[(int) (Duration.between(start, at).toSeconds() / seconds)]++;
                all++;
            }
        }
        assertThat(all).isEqualTo(10_000);
        double mean = all / (double) shares.length;
        return Arrays.stream(shares).map(n -> n / mean).toArray();
    }
}
