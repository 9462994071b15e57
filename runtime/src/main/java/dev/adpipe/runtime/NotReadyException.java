package dev.adpipe.runtime;

/**
 * Thrown by {@link Task#process} when something outside, a schema registry for instance, is away: before anything was
 * sent, counted or changed for the record. The container pauses the partition, goes on with the others, says so once,
 * and hands the same record over again after a while.
 */
public final class NotReadyException extends RuntimeException {
    public NotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
