package dev.adpipe.local.scaling;

import static dev.adpipe.local.scaling.Recommendation.count;
import static dev.adpipe.local.scaling.Recommendation.percent;
import static dev.adpipe.local.scaling.Recommendation.text;

import dev.adpipe.local.scaling.StageLoad.Work;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;

/** Advice for a person. */
final class AdviceText {
    private AdviceText() {}

    static void print(List<Advice> stages, PrintWriter out) {
        stages.forEach(stage -> print(stage, out));
        out.println("Nothing was changed. Records are offsets, transaction markers and ticks among them.");
        out.flush();
    }

    private static void print(Advice advice, PrintWriter out) {
        StageLoad load = advice.load();
        out.println(load.stage() + ": " + count(load.members()) + " now, "
                + load.partitions().size() + " partitions");
        out.println("  measured: " + text(load.perSecond()) + " records/s in, backlog " + text(load.backlog())
                + " records, " + text(load.backlogSeconds()) + " s"
                + load.work().map(work -> ", " + work(work, load)).orElse(""));
        int number = 0;
        for (String step : advice.recommendation().steps()) {
            out.println("  " + ++number + ". " + step);
        }
        out.println("  => " + verdict(advice.recommendation().containers(), load.members()));
        out.println();
    }

    private static String work(Work work, StageLoad load) {
        double elapsed = work.seconds() * Math.max(1, load.members());
        return text(work.done() / work.seconds()) + " records/s done; busy " + percent(work.busySeconds() / elapsed)
                + " of the time, the busiest " + percent(work.busiest()) + " of its last 10 s, "
                + percent(work.commitSeconds() / elapsed) + " of it in commits";
    }

    private static String verdict(OptionalInt wanted, int present) {
        if (wanted.isEmpty()) {
            return "keep " + count(present);
        }
        int n = wanted.getAsInt();
        if (n == present) {
            return "keep " + count(present) + ": as many as are needed";
        }
        return n > present
                ? count(n) + ", " + (n - present) + " more, at once"
                : count(n) + ", " + (present - n) + " fewer, once that has been enough for some minutes";
    }
}
