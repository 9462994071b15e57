package dev.adpipe.output;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One flat row on its way to the sink: its time, then fields in order, each null, {@link String}, {@link Long},
 * {@link Double}, {@link Boolean}, or a {@link List} of texts.
 *
 * <p>Used by the container's thread, until the row is written.
 */
public final class Row {
    /** The name under which a row's time is written; no field may have it. */
    public static final String TIME = "__time";

    private final long time;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /**
     * @param time milliseconds since the epoch
     */
    public Row(long time) {
        this.time = time;
    }

    /** Milliseconds since the epoch. */
    public long time() {
        return time;
    }

    /** All fields in the order in which they are written; a view that cannot be changed. */
    public Map<String, Object> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** The field's value; null if it is null or not there. */
    public Object get(String name) {
        return fields.get(name);
    }

    /**
     * Changes a field in its place or adds it at the end. An {@link Integer} becomes a {@link Long}; a {@link Float} or a
     * {@link BigDecimal}, as payloads have them, becomes a {@link Double}.
     *
     * @throws IllegalArgumentException if a row cannot carry the value, or the name is null, empty or {@link #TIME}
     */
    public void set(String name, Object value) {
        if (name == null || name.isEmpty() || name.equals(TIME)) {
            throw new IllegalArgumentException("'" + name + "' cannot be a field of a row");
        }
        Object carried = carried(value);
        if (carried == null && value != null) {
            throw new IllegalArgumentException("field '" + name + "' cannot be " + ValueTypes.show(value) + " ("
                    + value.getClass().getName() + "): a row carries null, text, booleans, finite numbers and lists of"
                    + " texts");
        }
        fields.put(name, carried);
    }

    /** Drops a field, if it is there. */
    public void drop(String name) {
        fields.remove(name);
    }

    /** Null if a row cannot carry it. */
    private static Object carried(Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? number : null;
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(String.class::isInstance) ? List.copyOf(list) : null;
        }
        return value instanceof String || value instanceof Long || value instanceof Boolean ? value : null;
    }
}
