package dev.adpipe.runtime.state;

import java.util.Optional;

/**
 * The state of one task as the task sees it, uncommitted changes included.
 *
 * <p>Used by the container's thread. Times are those of the task's watermark, in milliseconds. Decisions that time alone
 * forces are taken in the order (due, key); the last one taken is the cursor, so a key whose deadline is at or before the
 * cursor is dead without a record saying so.
 */
public interface KeyedState {

    /** The live key, if there is one; the same object on every call within one transaction. */
    Optional<KeyState> get(byte[] key);

    /**
     * A new life of a key that does not live now.
     *
     * @throws IllegalStateException if it lives
     */
    KeyState create(byte[] key);

    /** The live key that comes first in the order (due, key), if its due time is at or before {@code upTo}. */
    Optional<KeyState> firstDue(long upTo);

    /**
     * Tells that every decision up to (due, key) has been taken; to be called after each key that {@link #firstDue}
     * gave has been dealt with, with the due time it had then. Never goes back.
     */
    void advanceCursor(long due, byte[] key);

    /**
     * Ends a key's life. If its deadline is not yet covered by the cursor when the transaction commits, a closing record
     * is written; otherwise nothing is.
     */
    void remove(KeyState key);

    /** The task's own record, as last set; empty before the first. */
    Optional<byte[]> taskRecord();

    void setTaskRecord(byte[] value);

    /** Number of live keys. */
    long liveKeys();
}
