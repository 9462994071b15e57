package dev.adpipe.schemas;

/** The bytes are not the record that the topic should carry; the message says why. */
public final class MalformedEnvelopeException extends RuntimeException {
    public MalformedEnvelopeException(String message) {
        super(message);
    }

    public MalformedEnvelopeException(String message, Throwable cause) {
        super(message, cause);
    }
}
