package dev.adpipe.testkit;

import dev.adpipe.runtime.Clock;
import java.time.Duration;

/** A clock that a test owns. Used by the test's thread. */
public final class SettableClock implements Clock {
    private long millis;

    public SettableClock(long millis) {
        this.millis = millis;
    }

    @Override
    public long millis() {
        return millis;
    }

    public void set(long now) {
        millis = now;
    }

    public void advance(Duration by) {
        millis += by.toMillis();
    }
}
