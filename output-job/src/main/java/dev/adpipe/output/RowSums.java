package dev.adpipe.output;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that were added up: one for each combination of time bucket and of all fields that are no metrics. Sums are exact:
 * whole numbers do not overflow, and fractions are added as the decimal numbers that they are written as, and rounded once, to
 * a double, in the end.
 *
 * <p>Used by one thread.
 */
final class RowSums {
    private final long bucketMillis;
    private final List<String> metrics;
    private final Map<Group, Sum> sums = new LinkedHashMap<>();
    /** Sums that would not have been numbers of their type any more with the next row. */
    private final List<Row> full = new ArrayList<>();

    /**
     * @param metrics names of the fields to add up
     */
    RowSums(long bucketMillis, List<String> metrics) {
        this.bucketMillis = bucketMillis;
        this.metrics = metrics;
    }

    /** How many rows {@link #drain} would give. */
    int size() {
        return sums.size() + full.size();
    }

    /**
     * @param row kept, and must not be changed any more; its metrics are null, {@link Long} or {@link Double}
     */
    void add(Row row) {
        long bucket = Math.floorDiv(row.time(), bucketMillis) * bucketMillis;
        Group group = group(row, bucket);
        Object[] values = metrics.stream().map(row::get).toArray();
        Sum sum = sums.get(group);
        if (sum == null) {
            sums.put(group, new Sum(row, values));
        } else if (!sum.add(values)) {
            full.add(sum.row(bucket));
            sums.put(group, new Sum(row, values));
        }
    }

    /** All sums, in the order of their first rows; none of them is held any more. */
    List<Row> drain() {
        List<Row> rows = new ArrayList<>(full);
        sums.forEach((group, sum) -> rows.add(sum.row(group.bucket())));
        full.clear();
        sums.clear();
        return rows;
    }

    private Group group(Row row, long bucket) {
        List<Object> dimensions = new ArrayList<>();
        row.fields().forEach((name, value) -> {
            if (!metrics.contains(name)) {
                dimensions.add(name);
                dimensions.add(value);
            }
        });
        return new Group(bucket, dimensions);
    }

    /**
     * @param dimensions names and values in turn
     */
    private record Group(long bucket, List<Object> dimensions) {}

    private final class Sum {
        private final Row first;
        /** Each null, a Long or a BigDecimal. */
        private final Object[] values;

        Sum(Row first, Object[] values) {
            this.first = first;
            this.values = new Object[values.length];
            add(values);
        }

        /** Adds all of them, or none if a sum would be too large. */
        boolean add(Object[] more) {
            Object[] next = new Object[more.length];
            for (int i = 0; i < more.length; i++) {
                next[i] = plus(values[i], more[i]);
                if (next[i] instanceof BigDecimal decimal && !Double.isFinite(decimal.doubleValue())) {
                    return false;
                }
                if (next[i] == null && more[i] != null) {
                    return false;
                }
            }
            System.arraycopy(next, 0, values, 0, next.length);
            return true;
        }

        Row row(long time) {
            Row row = new Row(time);
            first.fields().forEach(row::set);
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null) {
                    row.set(metrics.get(i), values[i]);
                }
            }
            return row;
        }
    }

    /** A missing number adds nothing. Null also stands for a sum beyond the range of its type. */
    private static Object plus(Object sum, Object more) {
        if (more == null) {
            return sum;
        }
        if (sum == null) {
            return more instanceof Double d ? BigDecimal.valueOf(d) : more;
        }
        if (sum instanceof Long a && more instanceof Long b) {
            long result = a + b;
            boolean overflow = ((a ^ result) & (b ^ result)) < 0;
            return overflow ? null : (Object) result;
        }
        return decimal(sum).add(decimal(more));
    }

    private static BigDecimal decimal(Object number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        }
        return number instanceof Double d ? BigDecimal.valueOf(d) : BigDecimal.valueOf((Long) number);
    }
}
