package dev.adpipe.local.demo;

/**
 * What must become of a generated event, whatever the speed of the jobs. {@link Generator} says of each why it is
 * certain; {@link #DUPLICATE_OR_LATE} is honestly either.
 *
 * <p>{@code end} and {@code reason} are the words under which the books count it; the reason is empty where an ending has
 * none.
 */
public enum Fate {
    ROW("an event that becomes a row", End.ROW, ""),
    DUPLICATE("a copy, sent soon after", End.DUPLICATE, ""),
    DUPLICATE_OR_LATE("a copy, sent much later", End.DUPLICATE_OR_LATE, ""),
    LATE("ten minutes old", End.UNMATCHED, "late"),
    NO_PARENT("an event without its parent", End.UNMATCHED, "no-parent"),
    OUT_OF_WINDOW("a click after its window", End.UNMATCHED, "out-of-window"),
    TRUNCATED("JSON that ends in the middle", End.SHUFFLE_DEAD_LETTER, "malformed"),
    NO_KEY("no id to join by", End.SHUFFLE_DEAD_LETTER, "no-key"),
    EMPTY_KEY("an empty id to join by", End.SHUFFLE_DEAD_LETTER, "no-key"),
    NO_TIME("no time", End.SHUFFLE_DEAD_LETTER, "no-time"),
    BAD_TIME("a time that is none", End.SHUFFLE_DEAD_LETTER, "bad-time"),
    FAR_FUTURE("a time far ahead", End.SHUFFLE_DEAD_LETTER, "future-time"),
    NULL_VALUE("a record without value", End.SHUFFLE_DEAD_LETTER, "null-value"),
    TOO_LARGE("a record that is too large", End.SHUFFLE_DEAD_LETTER, "too-large"),
    NO_ELEMENT_KEY("a bid request, one imp without id", End.SHUFFLE_DEAD_LETTER, "no-key"),
    NO_ELEMENTS("a bid request without imps", End.SHUFFLE_DEAD_LETTER, "no-elements"),
    SAME_ID("a bid request, two imps with one id", End.SHUFFLE_DEAD_LETTER, "same-id"),
    NO_BID("a bid response without bids", End.NOTHING, ""),
    BAD_PRICE("a price that is no number", End.OUTPUT_DEAD_LETTER, "bad-value");

    /** How an event leaves the pipeline. */
    public enum End {
        ROW,
        DUPLICATE,
        DUPLICATE_OR_LATE,
        UNMATCHED,
        SHUFFLE_DEAD_LETTER,
        OUTPUT_DEAD_LETTER,
        /** A record that was split and has no elements. */
        NOTHING
    }

    private final String meaning;
    private final End end;
    private final String reason;

    Fate(String meaning, End end, String reason) {
        this.meaning = meaning;
        this.end = end;
        this.reason = reason;
    }

    public String meaning() {
        return meaning;
    }

    public End end() {
        return end;
    }

    public String reason() {
        return reason;
    }
}
