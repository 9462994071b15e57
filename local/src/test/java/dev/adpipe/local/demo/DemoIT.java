package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    /** Long enough for every fate. */
    @Test
    void theBooksBalance(@TempDir Path dir) throws Exception {
        String text = run(Scenario.CLICKS, Duration.ofSeconds(24), 2_000, dir.resolve("work"));
        assertThat(text).containsPattern("join, unmatched: late [\\d,]+, no-parent [\\d,]+, out-of-window \\d+");
        Set<Fate> fates = EnumSet.allOf(Fate.class);
        fates.removeAll(FunnelTrafficTest.OF_SPLIT_RECORDS);
        fates.remove(Fate.DUPLICATE_OR_LATE); // so rare that there may be none
        assertThat(fates).allMatch(fate -> text.contains(fate.meaning()));
    }

    /** Too short for what comes late. */
    @Test
    void theBooksOfAFunnelBalance(@TempDir Path dir) throws Exception {
        String text = run(Scenario.FUNNEL, Duration.ofSeconds(16), 700, dir.resolve("work"));
        Set<Fate> fates = EnumSet.of(Fate.ROW, Fate.DUPLICATE, Fate.NO_PARENT, Fate.BAD_PRICE);
        fates.addAll(FunnelTrafficTest.OF_SPLIT_RECORDS);
        assertThat(fates).allMatch(fate -> text.contains(fate.meaning()));
    }

    private static String run(Scenario scenario, Duration duration, int rate, Path work) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        StringWriter text = new StringWriter();
        Demo demo = new Demo(
                new Demo.Settings(scenario, Optional.of(duration), rate, seed, Optional.of(work), false, false),
                new PrintWriter(text));

        boolean balances = demo.run();

        assertThat(balances).as("seed %s: %s", seed, text).isTrue();
        assertThat(text.toString())
                .contains("seed " + seed, Report.BALANCED)
                .containsPattern("output, dead letters: bad-value \\d+");
        assertThat(Files.exists(work.resolve("demo.conf"))).isTrue();
        return text.toString();
    }
}
