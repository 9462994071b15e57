package dev.adpipe.runtime;

/** Milliseconds since the epoch. Passed in, so that tests own the time. */
@FunctionalInterface
public interface Clock {
    Clock SYSTEM = System::currentTimeMillis;

    long millis();
}
