package dev.adpipe.local.demo;

import java.util.EnumMap;
import java.util.Map;

/**
 * Metrics of some rows, added up.
 *
 * @param values in the units of {@link Metric}; absent is 0
 */
public record Sums(Map<Metric, Long> values) {
    static final Sums NONE = new Sums(Map.of());

    public Sums {
        values = Map.copyOf(values);
    }

    static Sums of(Metric metric, long value) {
        return new Sums(Map.of(metric, value));
    }

    /** One of the first metric, and so much of the second. */
    static Sums one(Metric counted, Metric amount, long value) {
        return new Sums(Map.of(counted, 1L, amount, value));
    }

    public long get(Metric metric) {
        return values.getOrDefault(metric, 0L);
    }

    Sums plus(Sums other) {
        Map<Metric, Long> sum = new EnumMap<>(Metric.class);
        sum.putAll(values);
        other.values.forEach((metric, value) -> sum.merge(metric, value, Long::sum));
        return new Sums(sum);
    }

    /** How many rows these are: each counts as one in one metric. */
    long rows() {
        return values.entrySet().stream()
                .filter(value -> value.getKey().isCount())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    static Sums all(Map<String, Sums> campaigns) {
        return campaigns.values().stream().reduce(NONE, Sums::plus);
    }

    Sums negated() {
        Map<Metric, Long> negative = new EnumMap<>(Metric.class);
        values.forEach((metric, value) -> negative.put(metric, -value));
        return new Sums(negative);
    }
}
