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
 */
public record CommitMetadata(
        Books books, String task, Optional<ChangelogEnd> changelog, Optional<Growth> growth, String by) {
    public static final int MAX_LENGTH = 2048;
    private static final String VERSION = "v=1";

    /**
     * @param topicId    of the changelog topic: a new topic under the old name is not the old one
     * @param lastOffset of the last record that this task wrote to it
     * @param lowWater   the log must hold everything from this offset on, or state is lost; -1: not known
     */
    public record ChangelogEnd(Uuid topicId, long lastOffset, long lowWater) {}

    /**
     * @param highestBefore highest partition number of the topic that had a committed offset then; all above it were new
     * @param at            milliseconds since the epoch
     */
    public record Growth(int highestBefore, long at) {}

    /** Committed by nobody yet. */
    public CommitMetadata(Books books, String task, Optional<ChangelogEnd> changelog, Optional<Growth> growth) {
        this(books, task, changelog, growth, "");
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
        changelog.ifPresent(end -> text.append(" changelog=")
                .append(end.topicId())
                .append(':')
                .append(end.lastOffset())
                .append(':')
                .append(end.lowWater()));
        growth.ifPresent(grown ->
                text.append(" grown=").append(grown.highestBefore()).append('@').append(grown.at()));
        if (!by.isEmpty()) {
            text.append(" by=").append(URLEncoder.encode(by, StandardCharsets.UTF_8));
        }
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
                case "changelog" -> {
                    String[] parts = value.split(":");
                    changelog = Optional.of(new ChangelogEnd(
                            Uuid.fromString(parts[0]),
                            Long.parseLong(parts[1]),
                            parts.length > 2 ? Long.parseLong(parts[2]) : -1));
                }
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
        return new CommitMetadata(books, task, changelog, growth, by);
    }
}
