package dev.adpipe.local.demo;

import dev.adpipe.local.StageStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds rates to what Kafka says of the stages: events consumed since the look before. Used by one thread. */
final class StageRates {
    private final Map<String, Long> lastIn = new HashMap<>();
    private long lastLook;

    /**
     * @param start milliseconds since the epoch
     */
    StageRates(long start) {
        this.lastLook = start;
    }

    List<StageLine> lines(long now, List<StageStatus> stages) {
        double seconds = Math.max(1, now - lastLook) / 1e3;
        List<StageLine> lines = new ArrayList<>();
        for (StageStatus stage : stages) {
            long in = stage.books().in();
            Long before = lastIn.put(stage.stage(), in);
            lines.add(new StageLine(
                    stage.stage(),
                    (in - (before == null ? 0 : before)) / seconds,
                    stage.backlogRecords(),
                    stage.backlogTime().toMillis() / 1e3,
                    stage.books()));
        }
        lastLook = now;
        return lines;
    }
}
