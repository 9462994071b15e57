package dev.adpipe.output;

import java.util.Optional;

/**
 * Names for ids that follow their source while rows are made.
 *
 * <p>{@link #check} and {@link #close} are called by the container's thread, the others by any.
 */
interface LiveLookup extends AutoCloseable {

    /** The name; null on a miss. Only when nothing is waited for. */
    String find(String key);

    /** What it waits for before its names can be used, for a person; empty from its first whole table on. */
    Optional<String> waitsFor();

    /** Called about once a second while rows are made. */
    default void check() {}

    /** Names in the table. */
    long entries();

    /** How long ago the table was known to be what the source has, in milliseconds. */
    long ageMillis();

    /** Ends its thread, if it has one. */
    @Override
    default void close() {}
}
