package dev.adpipe.local;

import dev.adpipe.local.supervisor.RowStats;
import dev.adpipe.local.supervisor.SupervisorStatus;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A supervisor's status for the person at the terminal. Stateless. */
final class DruidStatusText {
    private static final String LINE = "%9s  %12s  %12s  %12s  %9s";

    private DruidStatusText() {}

    static void print(SupervisorStatus status, RowStats rows, PrintWriter out) {
        long reading =
                status.tasks().stream().filter(SupervisorStatus.Task::reading).count();
        out.println("supervisor " + status.id() + ": " + status.state() + (status.healthy() ? "" : ", not healthy")
                + "; tasks: " + reading + " reading, " + (status.tasks().size() - reading) + " publishing; lag: "
                + status.totalLag().map(Shown::number).orElse("not known yet"));
        Map<Integer, Long> published = status.published();
        Map<Integer, Long> read = status.read();
        Set<Integer> partitions = new TreeSet<>(read.keySet());
        partitions.addAll(published.keySet());
        partitions.addAll(status.latest().keySet());
        if (!partitions.isEmpty()) {
            out.println(String.format(LINE, "partition", "published", "read", "end", "lag"));
        }
        for (int partition : partitions) {
            out.println(String.format(
                    LINE,
                    partition,
                    number(published, partition),
                    number(read, partition),
                    number(status.latest(), partition),
                    number(status.lag(), partition)));
        }
        out.println("rows read by these tasks: " + Shown.number(rows.processed())
                + (rows.isClean() ? "" : ", and NOT AS SENT:"));
        if (!rows.isClean()) {
            out.println("  with a value that Druid could not read: " + Shown.number(rows.withError())
                    + "; not read: " + Shown.number(rows.unparseable()) + "; thrown away: "
                    + Shown.number(rows.thrownAway()) + "; the tasks' logs say why");
        }
        status.errors().forEach(error -> out.println(error.time() + "  " + error.message()));
    }

    private static String number(Map<Integer, Long> offsets, int partition) {
        Long offset = offsets.get(partition);
        return offset == null ? "?" : Shown.number(offset);
    }
}
