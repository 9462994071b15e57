package dev.adpipe.local.monitor;

import java.util.Map;

/**
 * What was seen of a pipeline at one moment, as the charts show it; numbers that are not known are null.
 *
 * @param at              milliseconds since the epoch
 * @param endToEndSeconds how long an event takes to become a row
 */
record Sample(long at, Double endToEndSeconds, Map<String, Stage> stages) {

    /**
     * One stage; rates are of events per second since the sample before.
     *
     * @param utilization busy share of the stage's containers; the largest
     */
    record Stage(
            Double perSecond,
            Double emittedPerSecond,
            Double duplicatePerSecond,
            Double unmatchedPerSecond,
            Double deadLetterPerSecond,
            double backlogSeconds,
            long backlogRecords,
            Double utilization) {}
}
