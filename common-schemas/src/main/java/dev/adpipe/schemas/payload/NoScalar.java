package dev.adpipe.schemas.payload;

/** What a path may lead to instead of text, a number or a boolean. Reads as the end of "the field x ...". */
public enum NoScalar {
    MISSING("is missing"),
    NULL("is null"),
    OBJECT("is an object"),
    ARRAY("is an array");

    private final String words;

    NoScalar(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
