package dev.adpipe.runtime.state;

import java.util.List;
import java.util.Map;

/**
 * Entries of one key.
 *
 * @param full     whether it replaces whatever was known of the key, or only what it names
 * @param birth    which life of the key is meant
 * @param sets     entries with their new values
 * @param removals names of entries that are gone
 */
record EntriesChange(
        boolean full, long birth, long deadline, long due, List<Map.Entry<byte[], byte[]>> sets, List<byte[]> removals)
        implements ChangelogChange {}
