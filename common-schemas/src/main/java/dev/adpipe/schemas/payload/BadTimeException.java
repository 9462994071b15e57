package dev.adpipe.schemas.payload;

/** A value that is no event time; the message begins with the value. Without a stack trace: it tells of data. */
public final class BadTimeException extends RuntimeException {
    /** Not written as the format says. */
    public static final String BAD_TIME = "bad-time";

    /** Written as the format says, but too long ago or too far ahead for an ad event. */
    public static final String IMPLAUSIBLE_TIME = "implausible-time";

    private final String reason;

    BadTimeException(String reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** {@link #BAD_TIME} or {@link #IMPLAUSIBLE_TIME}: the dead letter's reason. */
    public String reason() {
        return reason;
    }
}
