package dev.adpipe.local.monitor;

import dev.adpipe.local.StageStatus;
import java.time.Duration;

/**
 * Whether a stage is at work, told from outside: by its group, and, since a static member stays in its group for a while
 * after its death, by backlog without progress. Used by one thread.
 */
final class StageLife {
    /** Longer than a commit interval, a rebalance or a short restart. */
    private static final long PATIENCE_MS = 10_000;

    private long committed = -1;
    private long movedAt;

    /**
     * @param word for machines
     * @param why  for a person
     */
    record Verdict(String word, String why) {}

    /**
     * @param now milliseconds since the epoch
     */
    Verdict of(StageStatus stage, long now) {
        if (stage.committed() != committed || stage.backlogRecords() == 0) {
            committed = stage.committed();
            movedAt = now;
        }
        long still = now - movedAt;
        if (stage.members().isEmpty()) {
            return new Verdict("stopped", "nobody is in its group");
        }
        if (still > PATIENCE_MS && stage.restoring().isEmpty()) {
            return new Verdict(
                    "stuck",
                    "backlog, and no progress for " + Duration.ofMillis(still).toSeconds() + " s");
        }
        if (!stage.restoring().isEmpty()) {
            long remaining = stage.restoring().values().stream()
                    .mapToLong(r -> r.remaining())
                    .sum();
            return new Verdict("restoring", remaining + " changelog records to go");
        }
        return stage.state().equals("Stable")
                ? new Verdict("running", stage.members().size() + " in its group")
                : new Verdict("rebalancing", "its group is " + stage.state());
    }
}
