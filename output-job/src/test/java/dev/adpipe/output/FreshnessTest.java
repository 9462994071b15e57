package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.adpipe.testkit.SettableClock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FreshnessTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SettableClock clock = new SettableClock(1_000_000);

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void silence() {
        logger().detachAppender(log);
    }

    @Test
    void rowsWaitUntilThereHasBeenATable() {
        Freshness freshness = new Freshness("items", clock);
        freshness.failed("no answer");
        assertThat(freshness.waitsFor()).contains("no answer");
        clock.set(1_005_000);
        assertThat(freshness.ageMillis()).isEqualTo(5_000);
        freshness.currentAt(1_004_000);
        assertThat(freshness.waitsFor()).isEmpty();
        assertThat(freshness.ageMillis()).isEqualTo(1_000);
        freshness.failed("no answer");
        assertThat(freshness.waitsFor()).as("the last good table stays").isEmpty();
        assertThat(messages())
                .containsExactly(
                        "lookup items: rows wait for it, since 0 s: no answer",
                        "lookup items: is up to date again",
                        "lookup items: the table of 1 s ago stays in use: no answer");
    }

    @Test
    void theAgeIsSaidAtFirstAndEachTimeItHasDoubled() {
        Freshness freshness = new Freshness("items", clock);
        freshness.currentAt(1_000_000);
        for (int second = 1; second <= 600; second++) {
            clock.set(1_000_000 + second * 1_000L);
            freshness.failed("away");
        }
        assertThat(messages())
                .extracting(m -> m.replaceAll(".*table of (\\d+) s.*", "$1"))
                .containsExactly("1", "60", "120", "240", "480");
        assertThat(freshness.ageMillis()).isEqualTo(600_000);
    }

    private List<String> messages() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Freshness.class);
    }
}
