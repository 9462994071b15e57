package dev.adpipe.runtime;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * What is committed beside an input partition's offset, as the offset's metadata: space-separated {@code name=value}
 * tokens, at most {@value #MAX_LENGTH} characters (the broker's own limit is 4,096).
 *
 * @param books     totals of the partition
 * @param task      what the task asked to keep; without spaces
 * @param changelog where the task's changelog ended; empty for stages without state
 * @param growth    if the partition was begun because its topic had grown: from how far, and when
 * @param by        transactional id of the container that committed; empty: none has yet
 * @param restore   how far the task's restore is, while it is going on
 */
public record CommitMetadata(
        Books books,
        String task,
        Optional<ChangelogEnd> changelog,
        Optional<Growth> growth,
        String by,
        Optional<Restore> restore) {
    public static final int MAX_LENGTH = 2048;
    private static final String VERSION = "v=1";

    /**
     * @param topicId    of the changelog topic: a new topic under the old name is not the old one
     * @param lastOffset of the last record that this task wrote to it
     * @param lowWater   what the log must hold from on, {@code Long.MAX_VALUE} if unknown: one that begins later was cut
     */
    public record ChangelogEnd(Uuid topicId, long lastOffset, long lowWater) {
        /** What it must hold is unknown. */
        public ChangelogEnd(Uuid topicId, long lastOffset) {
            this(topicId, lastOffset, Long.MAX_VALUE);
        }

        String encode() {
            return topicId + ":" + lastOffset + (lowWater == Long.MAX_VALUE ? "" : ":" + lowWater);
        }

        static ChangelogEnd parse(String text) {
            String[] parts = text.split(":");
            return new ChangelogEnd(
                    Uuid.fromString(parts[0]),
                    Long.parseLong(parts[1]),
                    parts.length > 2 ? Long.parseLong(parts[2]) : Long.MAX_VALUE);
        }
    }

    /**
     * @param highestBefore highest partition number of the topic that had a committed offset then; all above it were new
     * @param at            milliseconds since the epoch
     */
    public record Growth(int highestBefore, long at) {}

    /**
     * A note for {@code adpipe status}, which sees Kafka only.
     *
     * @param remaining changelog offsets still to be read
     * @param total     changelog offsets that the restore reads in all
     * @param at        milliseconds since the epoch
     */
    public record Restore(long remaining, long total, long at) {}

    /** Committed by nobody yet. */
    public CommitMetadata(Books books, String task, Optional<ChangelogEnd> changelog, Optional<Growth> growth) {
        this(books, task, changelog, growth, "", Optional.empty());
    }

    /** The same with a note of the restore that is going on. */
    CommitMetadata restoring(String container, Restore progress) {
        return new CommitMetadata(books, task, changelog, growth, container, Optional.of(progress));
    }

    /** The metadata of a partition that was provisioned and never committed by a task. */
    public static CommitMetadata initial() {
        return new CommitMetadata(new Books(), "", Optional.empty(), Optional.empty());
    }

    /** The metadata that a new partition of a topic that has grown begins with. */
    static CommitMetadata grown(Growth growth) {
        return new CommitMetadata(new Books(), "", Optional.empty(), Optional.of(growth));
    }

    public String encode() {
        StringBuilder text = new StringBuilder(VERSION).append(" books=").append(books.encode());
        if (!task.isEmpty()) {
            text.append(" task=").append(task);
        }
        changelog.ifPresent(end -> text.append(" changelog=").append(end.encode()));
        growth.ifPresent(grown ->
                text.append(" grown=").append(grown.highestBefore()).append('@').append(grown.at()));
        if (!by.isEmpty()) {
            text.append(" by=").append(URLEncoder.encode(by, StandardCharsets.UTF_8));
        }
        restore.ifPresent(progress -> text.append(" restore=")
                .append(progress.remaining())
                .append('/')
                .append(progress.total())
                .append('@')
                .append(progress.at()));
        if (text.length() > MAX_LENGTH || task.indexOf(' ') >= 0) {
            throw new IllegalStateException("offset metadata of " + text.length() + " characters, limit " + MAX_LENGTH
                    + ", no space within the task's own part: " + text);
        }
        return text.toString();
    }

    /**
     * Reads what {@link #encode} wrote; the empty string is {@link #initial}.
     *
     * @throws IllegalArgumentException if somebody else has committed offsets for this group
     */
    public static CommitMetadata parse(String text) {
        if (text == null || text.isEmpty()) {
            return initial();
        }
        Books books = new Books();
        String task = "";
        Optional<ChangelogEnd> changelog = Optional.empty();
        Optional<Growth> growth = Optional.empty();
        String by = "";
        Optional<Restore> restore = Optional.empty();
        String[] tokens = text.split(" ");
        if (!tokens[0].equals(VERSION)) {
            throw new IllegalArgumentException("offset metadata '" + text + "' does not begin with '" + VERSION
                    + "': the offset was not committed by this version of adpipe");
        }
        for (int i = 1; i < tokens.length; i++) {
            int equals = tokens[i].indexOf('=');
            String value = tokens[i].substring(equals + 1);
            switch (tokens[i].substring(0, Math.max(equals, 0))) {
                case "books" -> books = Books.parse(value);
                case "task" -> task = value;
                case "by" -> by = URLDecoder.decode(value, StandardCharsets.UTF_8);
                case "restore" -> {
                    String[] parts = value.split("[/@]");
                    restore = Optional.of(
                            new Restore(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
                }
                case "changelog" -> changelog = Optional.of(ChangelogEnd.parse(value));
                case "grown" -> {
                    int at = value.indexOf('@');
                    growth = Optional.of(new Growth(
                            Integer.parseInt(value.substring(0, at)), Long.parseLong(value.substring(at + 1))));
                }
                default ->
                    throw new IllegalArgumentException(
                            "unknown entry '" + tokens[i] + "' in offset metadata '" + text + "'");
            }
        }
        return new CommitMetadata(books, task, changelog, growth, by, restore);
    }
}
