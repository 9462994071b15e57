package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short forms of {@code adpipe guarantee}: one broker, each of some faults once, the same seed each time. */
class GuaranteeIT {
    private static final long SEED = 20_240_229;

    @TempDir
    Path dir;

    @Test
    void everyEventIsCountedExactlyOnceWhateverDies() {
        run(kills("shuffle", "join", "output", "all"), faults("state-lost", "state-damaged"));
    }

    @Test
    @Tag("full")
    void everyEventIsCountedExactlyOnceWhateverIsAway() {
        run(kills("all"), faults("cut", "freeze", "scale", "broker-clean", "broker-hard", "cut", "broker-hard"));
    }

    private static Stream<Fault> kills(String... stages) {
        return Stream.of(stages).map(Faults::killOf);
    }

    private static Stream<Fault> faults(String... names) {
        return Stream.of(names).map(Faults::named);
    }

    private void run(Stream<Fault> kills, Stream<Fault> faults) {
        List<Fault> once = Stream.concat(kills, faults).toList();
        RunSettings settings = new RunSettings(
                SEED,
                Duration.ZERO,
                List.of(),
                once,
                Duration.ofMillis(500),
                1,
                250,
                ProofPipeline.Times.shortestLives(),
                Optional.of(dir),
                Map.of());
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Report report = new GuaranteeRun(settings, out).run();
        report.lines().forEach(out::println);
        assertThat(report.verdict().findings().lines()).isEmpty();
        assertThat(report.verdict().figure("rows")).isGreaterThan(3_000);
        assertThat(report.verdict().figure("poison")).isPositive();
    }
}
