package dev.adpipe.runtime.state;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One live key: a few entries, each a value under a name, and two times.
 *
 * <p>Used by the container's thread, within one transaction. Arrays passed in or out are not copied and must not be
 * changed.
 */
public interface KeyState {

    byte[] key();

    /** When this key dies, unless the deadline is moved on before. */
    long deadline();

    /** Never goes back during a life. */
    void setDeadline(long deadline);

    /** When the next decision about this key is due; never after its deadline. */
    long due();

    void setDue(long due);

    Optional<byte[]> entry(byte[] name);

    /** Sets one entry; only entries set are written to the changelog. */
    void setEntry(byte[] name, byte[] value);

    void removeEntry(byte[] name);

    /** All entries, in the unsigned lexicographic order of their names. */
    Iterable<Map.Entry<byte[], byte[]>> entries();

    /** An object that the task derives from the entries once and keeps beside them while this key is in memory. */
    <T> T view(Function<KeyState, T> derive);
}
