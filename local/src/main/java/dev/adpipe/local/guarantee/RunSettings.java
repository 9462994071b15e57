package dev.adpipe.local.guarantee;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is told.
 *
 * @param seed    of the events' content and of the faults
 * @param atLeast how long faults are done, at least
 * @param faults  done in random order, again and again, until the time is over; may be empty
 * @param kills   done once each, in this order, whatever the time; may be empty
 * @param pause   the longest time between a recovery and the next fault
 * @param brokers one or three
 * @param rate    impressions per second
 * @param dir     an empty folder that stays; empty: a temporary one, which stays only if the run is not good
 * @param mains   by stage, another main class than the job's own: tests of the checker put defects in
 */
record RunSettings(
        long seed,
        Duration atLeast,
        List<Fault> faults,
        List<Fault> kills,
        Duration pause,
        int brokers,
        int rate,
        ProofPipeline.Times times,
        Optional<Path> dir,
        Map<String, String> mains) {
    RunSettings {
        faults = List.copyOf(faults);
        kills = List.copyOf(kills);
        mains = Map.copyOf(mains);
    }
}
