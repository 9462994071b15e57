package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.JdbcLookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * All lookups of one job, shared by its tasks. Used by the container's thread, but for {@link #byName}, whose lookups any may
 * ask for their size and age.
 */
final class Lookups implements AutoCloseable {
    private static final long CHECK_MILLIS = 1_000;

    private final Map<String, LiveLookup> byName = new TreeMap<>();
    private long nextCheck = Long.MIN_VALUE;
    private boolean read;

    /**
     * Loads the files and starts to read all else.
     *
     * @param kafka  properties of the pipeline's Kafka clients
     * @param prefix of client ids
     * @throws IllegalArgumentException naming every lookup that will never do: a file that cannot be used, a driver that is
     *     not there
     */
    Lookups(Map<String, Lookup> declared, Map<String, String> kafka, String prefix, Clock clock) {
        List<String> mistakes = new ArrayList<>();
        new TreeMap<>(declared).forEach((name, lookup) -> {
            try {
                byName.put(name, open(name, lookup, kafka, prefix, clock));
            } catch (LookupFileException | IllegalArgumentException e) {
                mistakes.add("lookup " + name + ": " + e.getMessage());
            }
        });
        if (!mistakes.isEmpty()) {
            close();
            throw new IllegalArgumentException(String.join("\n", mistakes));
        }
    }

    private static LiveLookup open(String name, Lookup lookup, Map<String, String> kafka, String prefix, Clock clock)
            throws LookupFileException {
        if (lookup instanceof FileLookup file) {
            return new HotLookup(name, file, clock);
        }
        if (lookup instanceof JdbcLookup jdbc) {
            return new JdbcTable(name, jdbc, clock);
        }
        // Each container of a process reads for itself; two clients of one name would quarrel over their JMX beans.
        String clientId = prefix + "-lookup-" + name + "-" + UUID.randomUUID();
        return new TopicTable(name, (TopicLookup) lookup, kafka, clientId, clock);
    }

    /** In the order of their names. */
    Map<String, LiveLookup> byName() {
        return Collections.unmodifiableMap(byName);
    }

    /**
     * @throws IllegalArgumentException if there is none of this name
     */
    LiveLookup get(String name) {
        LiveLookup lookup = byName.get(name);
        if (lookup == null) {
            throw new IllegalArgumentException("there is no lookup '" + name + "'; declared are " + byName.keySet());
        }
        return lookup;
    }

    /**
     * Before rows are made. Looks for changed files, at most once a second of the wall clock.
     *
     * @throws NotReadyException if one has never been read yet: no row is made without it
     */
    void refresh(long now) {
        if (!read) {
            byName.forEach((name, lookup) -> lookup.waitsFor().ifPresent(why -> {
                throw new NotReadyException("lookup " + name + ": " + why, null);
            }));
            read = true;
        }
        if (now >= nextCheck || now < nextCheck - CHECK_MILLIS) {
            nextCheck = now + CHECK_MILLIS;
            byName.values().forEach(LiveLookup::check);
        }
    }

    @Override
    public void close() {
        byName.values().forEach(LiveLookup::close);
    }
}
