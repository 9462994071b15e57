package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    private static final Duration LONG_ENOUGH_FOR_EVERY_FATE = Duration.ofSeconds(24);

    @Test
    void theBooksBalance(@TempDir Path dir) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        StringWriter text = new StringWriter();
        Path work = dir.resolve("work");
        Demo demo = new Demo(
                new Demo.Settings(Optional.of(LONG_ENOUGH_FOR_EVERY_FATE), 2_000, seed, Optional.of(work), false),
                new PrintWriter(text));

        boolean balances = demo.run();

        assertThat(balances).as("seed %s: %s", seed, text).isTrue();
        assertThat(text.toString())
                .contains("seed " + seed, Report.BALANCED)
                .containsPattern("join, unmatched: late [\\d,]+, no-parent [\\d,]+, out-of-window \\d+")
                .containsPattern("output, dead letters: bad-value \\d+");
        for (Fate fate : Fate.values()) {
            if (fate != Fate.DUPLICATE_OR_LATE) { // so rare that there may be none
                assertThat(text.toString()).contains(fate.meaning());
            }
        }
        assertThat(Files.exists(work.resolve("demo.conf"))).isTrue();
    }
}
