package dev.adpipe.output;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many values of emitted rows had no name in a lookup, since the process began. Counted by the container's thread, when
 * the rows are committed; read by any.
 */
public final class LookupMisses {
    private final Map<String, LongAdder> byLookup = new ConcurrentHashMap<>();

    LookupMisses(Iterable<String> lookups) {
        lookups.forEach(name -> byLookup.put(name, new LongAdder()));
    }

    void count(List<String> lookups) {
        for (String lookup : lookups) {
            byLookup.get(lookup).increment();
        }
    }

    long total(String lookup) {
        return byLookup.get(lookup).sum();
    }

    /** By lookup, those without a miss included. */
    public Map<String, Long> totals() {
        Map<String, Long> totals = new TreeMap<>();
        byLookup.forEach((name, misses) -> totals.put(name, misses.sum()));
        return totals;
    }
}
