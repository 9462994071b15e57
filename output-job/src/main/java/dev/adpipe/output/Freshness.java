package dev.adpipe.output;

import dev.adpipe.runtime.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How old a lookup's table is, and whether that has to be said: at the first failure, then each time the age has doubled,
 * and when it is over.
 *
 * <p>Told by the lookup's thread, read by any.
 */
final class Freshness {
    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);
    private static final long SAID_AGAIN_MILLIS = 60_000;
    private static final long SECOND = 1_000;

    private final String name;
    private final Clock clock;
    private final long startedAt;
    private volatile long currentAt = Long.MIN_VALUE;
    private volatile String waitsFor = "has not been read yet";
    private boolean failing;
    private long sayAtAge;

    Freshness(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
        this.startedAt = clock.millis();
    }

    /** The table is what the source had then. */
    void currentAt(long millis) {
        currentAt = millis;
        if (failing) {
            LOG.info("lookup {}: is up to date again", name);
            failing = false;
            sayAtAge = 0;
        }
    }

    /** Nothing is wrong, but the first table is not whole yet. */
    void loading(String why) {
        waitsFor = why;
    }

    /** The source cannot be read, or what it gives cannot be used. */
    void failed(String why) {
        waitsFor = why;
        failing = true;
        long age = ageMillis();
        if (age < sayAtAge) {
            return;
        }
        sayAtAge = Math.max(2 * age, SAID_AGAIN_MILLIS);
        if (hasBeenRead()) {
            LOG.warn("lookup {}: the table of {} s ago stays in use: {}", name, age / SECOND, why);
        } else {
            LOG.warn("lookup {}: rows wait for it, since {} s: {}", name, age / SECOND, why);
        }
    }

    /** Empty once there has been a table. */
    Optional<String> waitsFor() {
        return hasBeenRead() ? Optional.empty() : Optional.of(waitsFor);
    }

    /** Of the table; as long as there is none, of the waiting. */
    long ageMillis() {
        return Math.max(0, clock.millis() - (hasBeenRead() ? currentAt : startedAt));
    }

    private boolean hasBeenRead() {
        return currentAt != Long.MIN_VALUE;
    }
}
