package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many bad values of emitted rows gave way to their field's default or to null, as {@code on-error} says, since the
 * process began. Counted by the container's thread, when the rows are committed; read by any.
 */
public final class ReplacedValues {
    private final Map<String, LongAdder> byField = new ConcurrentHashMap<>();

    ReplacedValues(OutputSettings settings) {
        settings.dimensions().forEach(dimension -> add(dimension.name(), dimension.onError()));
        settings.metrics().forEach(metric -> add(metric.name(), metric.onError()));
    }

    private void add(String field, OnError onError) {
        if (onError != OnError.DEAD_LETTER) {
            byField.put(field, new LongAdder());
        }
    }

    void count(List<String> fields) {
        for (String field : fields) {
            byField.get(field).increment();
        }
    }

    long total(String field) {
        return byField.get(field).sum();
    }

    /** By dimension or metric, those without any included, if their definition lets bad values give way. */
    public Map<String, Long> totals() {
        Map<String, Long> totals = new TreeMap<>();
        byField.forEach((name, values) -> totals.put(name, values.sum()));
        return totals;
    }
}
