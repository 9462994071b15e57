package dev.adpipe.local.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.local.StageStatus;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.CommitMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class StageLifeTest {
    private final StageLife life = new StageLife();

    @Test
    void runsWhileItGetsOn() {
        assertThat(word(0, "Stable", 1, 5, 10)).isEqualTo("running");
        assertThat(word(60_000, "Stable", 1, 5, 20)).isEqualTo("running");
        assertThat(word(61_000, "PreparingRebalance", 1, 5, 20)).isEqualTo("rebalancing");
    }

    @Test
    void isStuckWithBacklogAndNoProgress() {
        word(0, "Stable", 1, 5, 10);
        assertThat(word(10_000, "Stable", 1, 6, 10)).isEqualTo("running");
        assertThat(word(11_000, "Stable", 1, 7, 10)).isEqualTo("stuck");
        assertThat(word(12_000, "Stable", 1, 7, 11)).isEqualTo("running");
    }

    @Test
    void isNotStuckWithNothingToDo() {
        word(0, "Stable", 1, 0, 10);
        assertThat(word(3_600_000, "Stable", 1, 0, 10)).isEqualTo("running");
        assertThat(word(3_602_000, "Stable", 1, 1, 10)).isEqualTo("running");
    }

    @Test
    void isStoppedWithNobodyInItsGroup() {
        assertThat(word(0, "Empty", 0, 0, 10)).isEqualTo("stopped");
    }

    @Test
    void aRestoreIsNotStuck() {
        word(0, "Stable", 1, 5, 10);
        TreeMap<Integer, CommitMetadata.Restore> restoring =
                new TreeMap<>(Map.of(1, new CommitMetadata.Restore(500, 1_000, 0)));
        assertThat(life.of(status("Stable", 1, 5, 10, restoring), 60_000))
                .isEqualTo(new StageLife.Verdict("restoring", "500 changelog records to go"));
    }

    private String word(long now, String state, int members, long backlog, long committed) {
        return life.of(status(state, members, backlog, committed, new TreeMap<>()), now)
                .word();
    }

    private static StageStatus status(
            String state,
            int members,
            long backlog,
            long committed,
            SortedMap<Integer, CommitMetadata.Restore> restoring) {
        return new StageStatus(
                "join",
                "p-join",
                state,
                members == 0 ? List.of() : List.of("a"),
                new TreeSet<>(),
                backlog,
                Duration.ZERO,
                List.of(),
                committed,
                0,
                new Books(),
                restoring);
    }
}
