package dev.adpipe.local;

import dev.adpipe.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What a replay is, so that one that was interrupted goes on as what it began, and nothing else goes on under its name. Kept
 * in Kafka, beside the offset 0 of its rows in a group of its own.
 *
 * @param definition digest of the definition's file
 * @param done       whether it has come to its end
 */
record ReplayNote(TimeRange range, ReplaySource source, String definition, boolean done) {
    private static final String VERSION = "v=1";

    static String group(Topics topics) {
        return topics.prefix() + "-note";
    }

    static ReplayNote begun(TimeRange range, ReplaySource source, Path file) {
        return new ReplayNote(range, source, digest(file), false);
    }

    ReplayNote finished() {
        return new ReplayNote(range, source, definition, true);
    }

    static Optional<ReplayNote> read(Admin admin, Topics topics) {
        return Optional.ofNullable(
                        OffsetProvisioner.committed(admin, group(topics)).get(place(topics)))
                .map(offset -> parse(offset.metadata()));
    }

    void write(Admin admin, Topics topics) {
        Answer.of(admin.alterConsumerGroupOffsets(
                        group(topics), Map.of(place(topics), new OffsetAndMetadata(0, encode())))
                .all());
    }

    private static TopicPartition place(Topics topics) {
        return new TopicPartition(topics.rows(), 0);
    }

    String encode() {
        return String.join(
                " ",
                VERSION,
                "from=" + range.from(),
                "to=" + range.to(),
                "source=" + source,
                "definition=" + definition,
                "done=" + done);
    }

    static ReplayNote parse(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String token : text.split(" ")) {
            int equals = token.indexOf('=');
            if (equals > 0) {
                fields.put(token.substring(0, equals), token.substring(equals + 1));
            }
        }
        if (!text.startsWith(VERSION + " ")) {
            throw CommandException.refused("the note of this replay is not of this version of adpipe: '" + text
                    + "'. Delete the replay, or choose another --name");
        }
        return new ReplayNote(
                new TimeRange(Instant.parse(fields.get("from")), Instant.parse(fields.get("to"))),
                ReplaySource.valueOf(fields.get("source").toUpperCase(Locale.ROOT)),
                fields.get("definition"),
                Boolean.parseBoolean(fields.get("done")));
    }

    private static String digest(Path file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (IOException e) {
            throw CommandException.failed("the definition " + file + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
