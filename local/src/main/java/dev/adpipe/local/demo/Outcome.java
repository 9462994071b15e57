package dev.adpipe.local.demo;

import dev.adpipe.runtime.Books;
import java.util.Map;
import java.util.Optional;

/**
 * What the pipeline did, as Kafka has it after the jobs have stopped.
 *
 * @param rawRecords records in the raw topics
 * @param shuffle    the stage's books, all partitions added up
 * @param topics     what was read from the topics where events end
 * @param druid      what Druid says of the rows, metrics added up by campaign; empty without Druid
 */
record Outcome(
        long rawRecords,
        Books shuffle,
        Books join,
        Books output,
        TopicCounts topics,
        Optional<Map<String, Sums>> druid) {

    /**
     * What the topics hold where events end, read committed.
     *
     * @param rows        records of {@code <p>.rows}
     * @param campaigns   their metrics, added up by campaign
     * @param unmatched   records of {@code <p>.unmatched} by reason
     * @param deadLetters records of {@code <p>.dead-letter} by stage, then reason
     */
    record TopicCounts(
            long rows,
            Map<String, Sums> campaigns,
            Map<String, Long> unmatched,
            Map<String, Map<String, Long>> deadLetters) {
        static final TopicCounts NONE = new TopicCounts(0, Map.of(), Map.of(), Map.of());

        TopicCounts {
            campaigns = Map.copyOf(campaigns);
            unmatched = Map.copyOf(unmatched);
            deadLetters = Map.copyOf(deadLetters);
        }
    }
}
