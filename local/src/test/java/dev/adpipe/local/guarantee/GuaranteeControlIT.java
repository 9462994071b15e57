package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker that finds nothing proves nothing: with each of these defects in the output job, the run must fail. */
@Tag("full")
class GuaranteeControlIT {
    private static final long SEED = 4711;

    @TempDir
    Path dir;

    @Test
    void readingWhatIsNotCommittedIsFound() {
        // Kills of the stage before leave what was never committed; the longer a transaction, the more.
        Verdict verdict = run("ReadUncommittedMain", "join", 5, Duration.ofSeconds(1));
        assertThat(verdict.figure("twice")).isPositive();
    }

    @Test
    void offsetsCommittedBeforeTheTransactionAreFound() {
        Verdict verdict = run("OffsetsBeforeMain", "output", 6, Duration.ofMillis(100));
        assertThat(verdict.figure("lost")).isPositive();
    }

    @Test
    void offsetsCommittedAfterTheTransactionAreFound() {
        Verdict verdict = run("OffsetsAfterMain", "output", 6, Duration.ofMillis(100));
        assertThat(verdict.figure("twice")).isPositive();
    }

    private Verdict run(String main, String victim, int kills, Duration commitInterval) {
        RunSettings settings = new RunSettings(
                SEED,
                Duration.ZERO,
                List.of(),
                Collections.nCopies(kills, Faults.killOf(victim)),
                Duration.ofSeconds(1),
                1,
                250,
                ProofPipeline.Times.shortestLives().commitEvery(commitInterval),
                Optional.of(dir),
                Map.of("output", "dev.adpipe.runtime.BrokenClients$" + main));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Report report = new GuaranteeRun(settings, out).run();
        report.lines().forEach(out::println);
        assertThat(report.good()).isFalse();
        return report.verdict();
    }
}
