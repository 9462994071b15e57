package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.adpipe.testkit.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Keys with very many events: the work per event must not grow with their number. Quadratic work takes minutes here. */
class HotKeyTest {
    private static final int MANY = 30_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static JoinDriver drive(Pipelines pipeline) {
        return new JoinDriver(
                pipeline.stream("imp", 0).stream("click", 1_000_000).stream("conv", 1_000_000)
                        .definition(),
                Mode.STRAIGHT);
    }

    @Test
    void manyHeldEventsThatFollowTheirParentAtOnce() {
        assertTimeoutPreemptively(LIMIT, () -> {
            JoinDriver join = drive(new Pipelines().maxEventsPerKey(MANY));
            for (int n = 0; n < MANY; n++) {
                join.event("conv", "k", "v" + n, 2000 + n);
            }
            join.event("click", "k", "c", 1500);
            assertThat(join.books().held()).isEqualTo(MANY + 1);

            join.event("imp", "k", "i", 1000);

            assertThat(join.books().emitted()).isEqualTo(MANY + 2);
        });
    }

    @Test
    void manyHeldEventsThatComeDueOneAfterTheOther() {
        assertTimeoutPreemptively(LIMIT, () -> {
            JoinDriver join = drive(new Pipelines().maxEventsPerKey(MANY));
            for (int n = 0; n < MANY; n++) {
                join.event("click", "k", "c" + n, 2000 + n);
            }
            for (int n = 0; n < MANY; n += 10) {
                join.watermark(2000 + n);
            }
            join.watermark(2000 + MANY + 10);

            assertThat(join.books().unmatched()).isEqualTo(MANY);
        });
    }

    @Test
    void aBotsClicksUnderALiveImpression() {
        assertTimeoutPreemptively(LIMIT, () -> {
            JoinDriver join = drive(new Pipelines().maxEventsPerKey(1000));
            join.event("imp", "k", "i", 1000);
            for (int n = 0; n < 2 * MANY; n++) {
                join.event("click", "k", "c" + n, 2000 + n);
            }

            assertThat(join.books().emitted()).isEqualTo(1001);
            assertThat(join.books().unmatchedByReason()).containsEntry("flood", 2L * MANY - 1000);
        });
    }
}
