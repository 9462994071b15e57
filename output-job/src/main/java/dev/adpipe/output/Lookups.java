package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All lookups of one job, shared by its tasks. Used by the container's thread. */
final class Lookups {
    private static final long CHECK_MILLIS = 1_000;

    private final Map<String, HotLookup> byName = new TreeMap<>();
    private long nextCheck = Long.MIN_VALUE;

    /**
     * Loads every lookup.
     *
     * @throws IllegalArgumentException naming every file that cannot be used
     */
    Lookups(Map<String, Lookup> declared) {
        List<String> mistakes = new ArrayList<>();
        new TreeMap<>(declared).forEach((name, lookup) -> {
            try {
                byName.put(name, new HotLookup(name, (FileLookup) lookup));
            } catch (LookupFileException e) {
                mistakes.add("lookup " + name + ": " + e.getMessage());
            }
        });
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
    }

    /**
     * @throws IllegalArgumentException if there is none of this name
     */
    HotLookup get(String name) {
        HotLookup lookup = byName.get(name);
        if (lookup == null) {
            throw new IllegalArgumentException("there is no lookup '" + name + "'; declared are " + byName.keySet());
        }
        return lookup;
    }

    /** Looks for changed files, at most once a second of the wall clock. */
    void refresh(long now) {
        if (now >= nextCheck || now < nextCheck - CHECK_MILLIS) {
            nextCheck = now + CHECK_MILLIS;
            byName.values().forEach(HotLookup::check);
        }
    }
}
