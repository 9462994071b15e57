package dev.adpipe.runtime;

/** Ends a container; the message is for the operator: what, where, value, rule, what to do. */
final class ContainerExitException extends RuntimeException {
    private final ExitReason reason;

    ContainerExitException(ExitReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    ContainerExitException(ExitReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    ExitReason reason() {
        return reason;
    }
}
