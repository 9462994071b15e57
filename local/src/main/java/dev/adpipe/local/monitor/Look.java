package dev.adpipe.local.monitor;

import dev.adpipe.local.StageStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last look at one pipeline.
 *
 * @param at       milliseconds since the epoch, of the last one that succeeded; 0: none has
 * @param error    why the last one failed; empty: it did not
 * @param stages   as of the last one that succeeded
 * @param words    for each stage: {@code running}, {@code restoring}, {@code rebalancing}, {@code stuck} or {@code stopped}
 * @param why      the same for a person
 * @param containers for each stage of which enough is known, how many containers it should have
 * @param endToEnd seconds; empty before the first row
 */
record Look(
        long at,
        Optional<String> error,
        List<StageStatus> stages,
        Map<String, String> words,
        Map<String, String> why,
        Map<String, Integer> containers,
        Optional<Double> endToEnd) {

    static final Look NONE =
            new Look(0, Optional.of("not looked yet"), List.of(), Map.of(), Map.of(), Map.of(), Optional.empty());

    Look failed(String why) {
        return new Look(at, Optional.of(why), stages, words, this.why, containers, endToEnd);
    }
}
