package dev.adpipe.schemas;

import java.util.List;

/**
 * The names of one pipeline's topics, consumer groups and transactional ids.
 *
 * @param prefix {@code <customer>.<pipeline>}
 */
public record Topics(String prefix) {

    public String shuffled() {
        return prefix + ".shuffled";
    }

    public String joined() {
        return prefix + ".joined";
    }

    public String rows() {
        return prefix + ".rows";
    }

    public String unmatched() {
        return prefix + ".unmatched";
    }

    public String deadLetter() {
        return prefix + ".dead-letter";
    }

    public String joinChangelog() {
        return prefix + ".join-changelog";
    }

    /** Consumer group of a stage: {@code shuffle}, {@code join} or {@code output}. */
    public String group(String stage) {
        return prefix + "-" + stage;
    }

    /** All topics that adpipe makes, none of the raw ones. */
    public List<String> all() {
        return List.of(shuffled(), joined(), rows(), unmatched(), deadLetter(), joinChangelog());
    }
}
