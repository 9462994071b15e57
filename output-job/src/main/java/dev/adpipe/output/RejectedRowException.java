package dev.adpipe.output;

import java.util.List;

/** No row can be made of this record, or the sink will never take it: it goes to the dead letters. */
final class RejectedRowException extends RuntimeException {
    static final String MALFORMED = "malformed";
    static final String UNKNOWN_SCHEMA = "unknown-schema";
    static final String BAD_VALUE = "bad-value";
    static final String TRANSFORM_FAILED = "transform-failed";
    static final String TOO_LARGE = "too-large";
    static final String DROPPED = "dropped";

    /** All of them. */
    static final List<String> REASONS =
            List.of(MALFORMED, UNKNOWN_SCHEMA, BAD_VALUE, TRANSFORM_FAILED, TOO_LARGE, DROPPED);

    private final String reason;

    /**
     * @param reason      one of the constants above
     * @param explanation for a person
     */
    RejectedRowException(String reason, String explanation) {
        super(explanation, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
