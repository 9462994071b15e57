package dev.adpipe.local.druid.server;

/** Druid could not be started, or does not do what it was asked; the message is for a person. */
public final class DruidException extends RuntimeException {
    DruidException(String message) {
        super(message);
    }

    DruidException(String message, Throwable cause) {
        super(message, cause);
    }
}
