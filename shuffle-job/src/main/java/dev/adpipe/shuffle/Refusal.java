package dev.adpipe.shuffle;

import dev.adpipe.schemas.payload.BadTimeException;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import java.util.List;

/**
 * A raw record, or what one stream wants of it, is of no use: for the dead letters. Never leaves this package. Without a
 * stack trace: it tells of data, not of code, and a broken producer makes many of them.
 */
final class Refusal extends Exception {
    /** All that a refusal may be for. */
    static final List<String> REASONS = List.of(
            "null-value",
            "too-large",
            "no-stream",
            "no-key",
            "bad-key",
            "no-id",
            "bad-id",
            "no-time",
            "future-time",
            "same-id",
            BadTimeException.BAD_TIME,
            BadTimeException.IMPLAUSIBLE_TIME,
            MalformedPayloadException.MALFORMED,
            MalformedPayloadException.UNKNOWN_SCHEMA,
            MalformedPayloadException.NO_ELEMENTS,
            MalformedPayloadException.TOO_MANY_ELEMENTS);

    private final String reason;

    /**
     * @param reason one of {@link #REASONS}
     */
    Refusal(String reason, String explanation) {
        super(explanation, null, false, false);
        if (!REASONS.contains(reason)) {
            throw new IllegalArgumentException(
                    "reason " + reason + " is not in the list, which the metrics begin with");
        }
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
