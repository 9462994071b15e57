package dev.adpipe.join;

/** Why an event ended unmatched. */
enum Reason {
    NO_PARENT("no-parent"),
    OUT_OF_WINDOW("out-of-window"),
    LATE("late"),
    REPEAT("repeat"),
    FLOOD("flood");

    /** Value of the header, key in the books, label of the metric. */
    private final String text;

    Reason(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
