package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link DemoIT}, to its end in a real Druid. */
@Tag("full")
class DemoWithDruidIT {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBooksBalanceDruidsAmongThem(boolean funnel, @TempDir Path dir) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        StringWriter text = new StringWriter();
        Demo demo = new Demo(
                new Demo.Settings(
                        funnel ? Scenario.FUNNEL : Scenario.CLICKS,
                        Optional.of(Duration.ofSeconds(20)),
                        500,
                        seed,
                        Optional.of(dir.resolve("work")),
                        false,
                        true),
                new PrintWriter(text));

        boolean balances = demo.run();

        assertThat(balances).as("seed %s: %s", seed, text).isTrue();
        assertThat(text.toString()).contains(Report.BALANCED, "rows in Druid", "Added up by campaign, by Druid");
    }
}
