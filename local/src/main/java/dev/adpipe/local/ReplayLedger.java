package dev.adpipe.local;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which dead letters have been replayed: for each partition and each kind (stage and reason) the offset before which all
 * that could be replayed have been. Kept as the metadata of committed offsets of a consumer group, so that it changes in
 * the very transaction that replays. Used by one thread.
 */
final class ReplayLedger {
    private final Map<TopicPartition, Map<String, Long>> marks = new HashMap<>();
    private final Set<TopicPartition> changed = new HashSet<>();

    /** Consumer group that keeps the ledger of a pipeline. */
    static String group(String prefix) {
        return prefix + "-dead-letters";
    }

    ReplayLedger(Map<TopicPartition, OffsetAndMetadata> committed) {
        committed.forEach((partition, offset) -> {
            for (String entry : offset.metadata().split(" ")) {
                int colon = entry.lastIndexOf(':');
                if (colon > 0) {
                    of(partition).put(entry.substring(0, colon), Long.parseLong(entry.substring(colon + 1)));
                }
            }
        });
    }

    boolean isReplayed(DeadLetter letter) {
        return !letter.cut()
                && letter.record().offset() < of(letter.partition()).getOrDefault(letter.kind(), 0L);
    }

    /** Letters of one kind and partition must be marked in the order of their offsets. */
    void mark(DeadLetter letter) {
        of(letter.partition()).put(letter.kind(), letter.record().offset() + 1);
        changed.add(letter.partition());
    }

    /** What to commit, of partitions that were marked since the last call. */
    Map<TopicPartition, OffsetAndMetadata> takeChanges() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : changed) {
            StringBuilder text = new StringBuilder();
            long highest = 0;
            for (Map.Entry<String, Long> mark : of(partition).entrySet()) {
                text.append(text.isEmpty() ? "" : " ")
                        .append(mark.getKey())
                        .append(':')
                        .append(mark.getValue());
                highest = Math.max(highest, mark.getValue());
            }
            offsets.put(partition, new OffsetAndMetadata(highest, text.toString()));
        }
        changed.clear();
        return offsets;
    }

    private Map<String, Long> of(TopicPartition partition) {
        return marks.computeIfAbsent(partition, p -> new TreeMap<>());
    }
}
