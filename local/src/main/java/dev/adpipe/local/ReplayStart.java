package dev.adpipe.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Where in a log a replay begins to read: at the first record of a time or later.
 *
 * @param offsets by partition
 * @param cuts    partitions whose log may have been deleted up to a later time than the wanted one
 */
record ReplayStart(Map<TopicPartition, Long> offsets, List<Cut> cuts) {

    /**
     * @param logStart  first offset that is there
     * @param firstTime time of the first record that is there; empty log: {@link Instant#MAX}
     */
    record Cut(TopicPartition partition, long logStart, Instant firstTime) {
        @Override
        public String toString() {
            return partition + " begins at offset " + logStart
                    + (firstTime.equals(Instant.MAX) ? " and is empty" : ", with a record of " + firstTime);
        }
    }

    /**
     * @param from by the records' timestamps: of our own topics, when they were appended
     */
    static ReplayStart find(Admin admin, List<TopicPartition> partitions, Instant from) {
        Map<TopicPartition, Long> starts = RecordScan.offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = RecordScan.offsetsWithOpen(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, ListOffsetsResultInfo> found = byTime(admin, partitions, from);
        Map<TopicPartition, Long> offsets = new TreeMap<>(OffsetProvisioner.ORDER);
        List<Cut> cuts = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            ListOffsetsResultInfo first = found.get(partition);
            long start = starts.get(partition);
            boolean none = first.offset() < 0;
            long offset = none ? ends.get(partition) : Math.max(start, first.offset());
            offsets.put(partition, offset);
            // A log that is whole, or that has a record from before: nothing of what is wanted was deleted.
            if (start > 0 && offset == start) {
                cuts.add(new Cut(partition, start, none ? Instant.MAX : Instant.ofEpochMilli(first.timestamp())));
            }
        }
        cuts.sort((a, b) -> OffsetProvisioner.ORDER.compare(a.partition(), b.partition()));
        return new ReplayStart(offsets, cuts);
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> byTime(
            Admin admin, List<TopicPartition> partitions, Instant from) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(p -> asked.put(p, OffsetSpec.forTimestamp(Math.max(0, from.toEpochMilli()))));
        return Answer.of(admin.listOffsets(asked).all());
    }

    boolean reachesBack() {
        return cuts.isEmpty();
    }

    /** The time from which on nothing was deleted. */
    Instant wholeFrom() {
        return cuts.stream().map(Cut::firstTime).max(Instant::compareTo).orElse(Instant.MIN);
    }
}
