package dev.adpipe.runtime;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Makes dead letters: key, value and headers as they came, and headers that say who refused the record and why. What is
 * larger than the dead-letter topic admits is cut, because a refused send would poison the whole transaction.
 */
final class DeadLetters {
    private static final int CUT = 64 * 1024;

    /** What the dead-letter topic admits beyond a raw record. */
    private static final int EXTRA = 64 * 1024;

    /** Of these, our own headers and what a record has around its fields take less than this. */
    private static final int OWN = 16 * 1024;

    private static final int MAX_EXPLANATION = 8 * 1024;

    private final String topic;
    private final String stage;
    private final int partitions;
    private final int maxRecordBytes;

    DeadLetters(String topic, String stage, int partitions, int maxRecordBytes) {
        this.topic = topic;
        this.stage = stage;
        this.partitions = partitions;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Dead letters of one input partition stay in order: they share a partition. */
    ProducerRecord<byte[], byte[]> letter(ConsumerRecord<byte[], byte[]> source, String reason, String explanation) {
        int partition = Partitioning.partition(
                (source.topic() + "-" + source.partition()).getBytes(StandardCharsets.UTF_8), partitions);
        boolean tooLarge = size(source) > maxRecordBytes;
        int room = maxRecordBytes + EXTRA - OWN;
        byte[] value = tooLarge ? cut(source.value(), room) : source.value();
        room -= length(value);
        byte[] key = tooLarge ? cut(source.key(), room) : source.key();
        room -= length(key);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, partition, key, value);
        room = tooLarge ? Math.min(CUT, room) : maxRecordBytes;
        for (Header header : source.headers()) {
            // A record cut for its size keeps its headers as long as they fit; all others keep all of them.
            room -= header.key().length() + length(header.value());
            if (room >= 0) {
                letter.headers().add(header);
            }
        }
        Headers headers = letter.headers();
        add(headers, "adpipe.stage", stage);
        add(headers, "adpipe.reason", reason);
        add(headers, "adpipe.explanation", shorten(explanation));
        add(headers, "adpipe.topic", source.topic());
        add(headers, "adpipe.partition", Integer.toString(source.partition()));
        add(headers, "adpipe.offset", Long.toString(source.offset()));
        if (tooLarge) {
            add(headers, "adpipe.original-length", Integer.toString(length(source.value())));
            add(headers, "adpipe.original-sha256", sha256(source.value()));
        }
        return letter;
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        int size = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte[] cut(byte[] bytes, int room) {
        int most = Math.min(CUT, room);
        return length(bytes) <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static String shorten(String text) {
        return text.length() <= MAX_EXPLANATION / 4 ? text : text.substring(0, MAX_EXPLANATION / 4) + "…";
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes == null ? new byte[0] : bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
