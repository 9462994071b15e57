package dev.adpipe.runtime;

/**
 * Thrown by {@link Job#open} when a task cannot go on with what its predecessor has committed: the container ends with
 * {@link ExitReason#REFUSED} and this message, which is for the operator: what, where, value, rule, what to do.
 */
public final class RefusedException extends RuntimeException {
    public RefusedException(String message) {
        super(message);
    }
}
