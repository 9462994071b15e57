package dev.adpipe.local.scaling;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of a stage. Records are offsets of its input, transaction markers and ticks among them, in every number
 * here: rates, backlog and what was done can be set against each other.
 *
 * @param members        containers in its group now
 * @param least          fewest that it may have: 1, and one for each standby of the join
 * @param partitions     of its input
 * @param backlogSeconds age of the oldest record that waits
 * @param work           what its containers did; empty: not known
 * @param whyNoWork      said if it is not known
 */
public record StageLoad(
        String stage,
        int members,
        int least,
        List<PartitionLoad> partitions,
        double backlogSeconds,
        Optional<Work> work,
        String whyNoWork) {
    public StageLoad {
        partitions = List.copyOf(partitions);
    }

    /**
     * @param perSecond records that arrived
     * @param backlog   records that wait
     */
    public record PartitionLoad(String name, double perSecond, double backlog) {}

    /**
     * @param seconds       measured
     * @param done          records that were committed in them
     * @param busySeconds   of all containers together
     * @param commitSeconds of these
     * @param busiest       busy share of the busiest container in its last ten seconds
     */
    public record Work(double seconds, double done, double busySeconds, double commitSeconds, double busiest) {}

    double perSecond() {
        return partitions.stream().mapToDouble(PartitionLoad::perSecond).sum();
    }

    double backlog() {
        return partitions.stream().mapToDouble(PartitionLoad::backlog).sum();
    }
}
