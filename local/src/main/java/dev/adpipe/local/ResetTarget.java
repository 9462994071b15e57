package dev.adpipe.local;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Where to begin without an offset. */
sealed interface ResetTarget {
    record Earliest() implements ResetTarget {}

    record Latest() implements ResetTarget {}

    /** The first record appended at that time or later. */
    record Time(Instant at) implements ResetTarget {}

    /**
     * @throws CommandException if it is none
     */
    static ResetTarget parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> new Time(TimeRange.moment("--to", text));
        };
    }

    /** Between the log's start and end. */
    default long offset(Admin admin, TopicPartition partition, long start, long end) {
        if (this instanceof Time time) {
            long found = RecordScan.offsets(
                            admin,
                            List.of(partition),
                            OffsetSpec.forTimestamp(Math.max(0, time.at().toEpochMilli())))
                    .getOrDefault(partition, -1L);
            return found < 0 ? end : Math.max(start, found);
        }
        return this instanceof Earliest
                ? start
                : RecordScan.offsets(admin, List.of(partition), OffsetSpec.latest())
                        .get(partition);
    }
}
