package dev.adpipe.local;

import dev.adpipe.runtime.Books;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The stages' state as a table. */
final class StatusText {
    private static final String ROW = "%-8s %-12s %7s %14s %10s %14s %14s %12s %12s %12s %10s%n";

    private StatusText() {}

    static void print(List<StageStatus> stages, PrintWriter out) {
        out.printf(
                ROW,
                "stage",
                "group",
                "members",
                "backlog",
                "behind",
                "in",
                "emitted",
                "duplicate",
                "unmatched",
                "dead-letter",
                "held");
        for (StageStatus s : stages) {
            Books b = s.books();
            out.printf(
                    ROW,
                    s.stage(),
                    s.state(),
                    s.members().size(),
                    Shown.number(s.backlogRecords()),
                    Shown.duration(s.backlogTime()),
                    Shown.number(b.in() + b.added()),
                    Shown.number(b.emitted()),
                    Shown.number(b.duplicate()),
                    Shown.number(b.unmatched()),
                    Shown.number(b.deadLettered()),
                    Shown.number(b.held()));
        }
        for (StageStatus s : stages) {
            reasons(out, s.stage() + ": unmatched", s.books().unmatchedByReason());
            reasons(out, s.stage() + ": dead letters", s.books().deadLetteredByReason());
            if (!s.members().isEmpty()) {
                out.println(s.stage() + ": members " + String.join(", ", s.members()));
            }
            s.restoring()
                    .forEach((partition, restore) -> out.println(s.stage() + ": partition " + partition
                            + " restores its state, " + Shown.number(restore.remaining()) + " of "
                            + Shown.number(restore.total()) + " changelog records remained at "
                            + Instant.ofEpochMilli(restore.at()).truncatedTo(ChronoUnit.SECONDS)));
            if (s.withoutOffset() > 0) {
                out.println(s.stage() + ": " + s.withoutOffset() + " input partitions have no committed offset; 'adpipe"
                        + " provision' commits first ones");
            }
            if (s.books().imbalance() != 0) {
                out.println(s.stage() + ": the books are off by " + s.books().imbalance() + ": " + s.books());
            }
        }
        out.flush();
    }

    private static void reasons(PrintWriter out, String what, Map<String, Long> byReason) {
        if (!byReason.isEmpty()) {
            out.println(what + " "
                    + String.join(
                            ", ",
                            new TreeMap<>(byReason)
                                    .entrySet().stream()
                                            .map(e -> e.getKey() + " " + Shown.number(e.getValue()))
                                            .toList()));
        }
    }
}
