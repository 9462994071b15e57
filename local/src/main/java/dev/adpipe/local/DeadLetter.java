package dev.adpipe.local;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * A record that a stage has refused, read back from the dead letters.
 *
 * @param record      as it stands in the dead-letter topic
 * @param stage       who refused it
 * @param source      where that stage had read it, and at which offset
 * @param originalHeaders without those that say why it was refused
 * @param cut         too large to be kept whole: it cannot be replayed
 */
record DeadLetter(
        ConsumerRecord<byte[], byte[]> record,
        String stage,
        String reason,
        String explanation,
        TopicPartition source,
        long sourceOffset,
        List<Header> originalHeaders,
        boolean cut) {
    static final String STAGE = "adpipe.stage";
    static final String REASON = "adpipe.reason";
    static final String EXPLANATION = "adpipe.explanation";
    static final String TOPIC = "adpipe.topic";
    static final String PARTITION = "adpipe.partition";
    static final String OFFSET = "adpipe.offset";
    static final String ORIGINAL_LENGTH = "adpipe.original-length";
    private static final Set<String> OURS =
            Set.of(STAGE, REASON, EXPLANATION, TOPIC, PARTITION, OFFSET, ORIGINAL_LENGTH, "adpipe.original-sha256");

    static DeadLetter of(ConsumerRecord<byte[], byte[]> record) {
        return new DeadLetter(
                record,
                text(record, STAGE),
                text(record, REASON),
                text(record, EXPLANATION),
                new TopicPartition(text(record, TOPIC), (int) number(record, PARTITION)),
                number(record, OFFSET),
                originals(record),
                record.headers().lastHeader(ORIGINAL_LENGTH) != null);
    }

    /** What it is counted under. */
    String kind() {
        return stage + "/" + reason;
    }

    TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }

    /** A foreign header may have one of our names: ours are the last of each, because they were added last. */
    private static List<Header> originals(ConsumerRecord<byte[], byte[]> record) {
        List<Header> kept = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        Header[] headers = record.headers().toArray();
        for (int i = headers.length - 1; i >= 0; i--) {
            if (!OURS.contains(headers[i].key()) || !taken.add(headers[i].key())) {
                kept.add(headers[i]);
            }
        }
        Collections.reverse(kept);
        return kept;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "?" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static long number(ConsumerRecord<byte[], byte[]> record, String name) {
        String text = text(record, name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
