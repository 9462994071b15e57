package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What became of the rows that the tasks which run now have read.
 *
 * @param processed    in the datasource
 * @param withError    likewise, but a value of theirs could not be read and is null
 * @param thrownAway   by a filter or a rejection period
 * @param unparseable  not read at all
 */
public record RowStats(long processed, long withError, long thrownAway, long unparseable) {
    static final RowStats NONE = new RowStats(0, 0, 0, 0);

    /**
     * @param answer by task group, then by task
     */
    static RowStats of(JsonNode answer) {
        RowStats sum = NONE;
        for (JsonNode group : answer) {
            for (JsonNode task : group) {
                JsonNode totals = task.path("totals").path("buildSegments");
                sum = new RowStats(
                        sum.processed + totals.path("processed").asLong(),
                        sum.withError + totals.path("processedWithError").asLong(),
                        sum.thrownAway + totals.path("thrownAway").asLong(),
                        sum.unparseable + totals.path("unparseable").asLong());
            }
        }
        return sum;
    }

    /** Whether each row is there as it was sent. */
    public boolean isClean() {
        return withError == 0 && thrownAway == 0 && unparseable == 0;
    }
}
