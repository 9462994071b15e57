package dev.adpipe.local.scaling;

import dev.adpipe.local.StageStatus;
import dev.adpipe.local.StageStatus.PartitionBacklog;
import dev.adpipe.runtime.Books;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** Looks at a stage, as they are got from Kafka. */
final class Stages {
    static final String NAME = "join";

    private Stages() {}

    /** Two partitions with half of everything each. */
    static StageStatus of(int members, long committed, long backlog) {
        return of(
                members,
                IntStream.range(0, 2)
                        .mapToObj(p -> partition(p, committed / 2, backlog / 2, backlog == 0 ? 0 : 1))
                        .toList());
    }

    static PartitionBacklog partition(int number, long committed, long backlog, long seconds) {
        return new PartitionBacklog(new TopicPartition("in", number), committed, backlog, Duration.ofSeconds(seconds));
    }

    static StageStatus of(int members, List<PartitionBacklog> partitions) {
        return new StageStatus(
                NAME,
                "group",
                "Stable",
                Collections.nCopies(members, "member"),
                new TreeSet<>(),
                partitions.stream().mapToLong(PartitionBacklog::records).sum(),
                partitions.stream()
                        .map(PartitionBacklog::time)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                partitions,
                partitions.stream().mapToLong(PartitionBacklog::committed).sum(),
                0,
                new Books(),
                new TreeMap<>());
    }
}
