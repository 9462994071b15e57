package dev.adpipe.runtime.state;

/** Another process, or another container of this one, has the local state open. The message names the folder. */
public final class StateInUseException extends IllegalStateException {
    StateInUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
