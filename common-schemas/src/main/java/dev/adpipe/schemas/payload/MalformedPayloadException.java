package dev.adpipe.schemas.payload;

/**
 * The payload cannot be read, and waiting will not help. Without a stack trace: it tells of data, not of code, and a
 * broken producer makes many of them.
 */
public final class MalformedPayloadException extends RuntimeException {
    /** The bytes are not what the format says. */
    public static final String MALFORMED = "malformed";

    /** The bytes name a schema that nobody knows. */
    public static final String UNKNOWN_SCHEMA = "unknown-schema";

    /** There is no array where the record's events should be. */
    public static final String NO_ELEMENTS = "no-elements";

    /** The record would become too many events. */
    public static final String TOO_MANY_ELEMENTS = "too-many-elements";

    private final String reason;

    public MalformedPayloadException(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    static MalformedPayloadException malformed(String message) {
        return new MalformedPayloadException(MALFORMED, message);
    }

    static MalformedPayloadException unknownSchema(String message) {
        return new MalformedPayloadException(UNKNOWN_SCHEMA, message);
    }

    /** One of the words above: the dead letter's reason. */
    public String reason() {
        return reason;
    }
}
