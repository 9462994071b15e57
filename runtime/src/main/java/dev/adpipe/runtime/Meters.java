package dev.adpipe.runtime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A registry and the labels that everything registered here has. Any thread may use it; meters of the same name and labels
 * are one.
 */
record Meters(MeterRegistry registry, Tags tags) {
    private static final Duration[] BUCKETS = Stream.of(
                    "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10",
                    "30")
            .map(seconds -> Duration.parse("PT" + seconds + "S"))
            .toArray(Duration[]::new);

    Meters and(String... labels) {
        return new Meters(registry, tags.and(labels));
    }

    Counter counter(String name, String help) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    void counter(String name, String help, LongSupplier total) {
        // What is asked is held weakly, the function is not.
        FunctionCounter.builder(name, registry, r -> total.getAsLong())
                .description(help)
                .tags(tags)
                .register(registry);
    }

    /** The value is asked by the scraper's thread. */
    Meter gauge(String name, String help, DoubleSupplier value) {
        return Gauge.builder(name, value::getAsDouble)
                .description(help)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    Timer histogram(String name, String help) {
        return Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
