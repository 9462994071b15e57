package dev.adpipe.output;

import dev.adpipe.runtime.Collector;
import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.PreAggregate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Holds rows back until the commit, adding up those that differ in nothing but their metrics and their times within a bucket.
 * What is held belongs to the transaction under way: an abort drops it with the task.
 *
 * <p>One per task; used by the container's thread.
 */
final class PreAggregation implements RowOutlet {
    /** Characters of the longest long or double, and more. */
    private static final int LONGEST_NUMBER = 26;

    /** Bytes of a character in JSON at most: a control character is escaped. */
    private static final int WIDEST_CHARACTER = 6;

    private final int partition;
    private final int maxRows;
    private final List<String> metrics;
    private final RowFormat format;
    private final TopicSink sink;
    private final RowSums sums;
    private final RowTotals totals;

    /**
     * @param partition of the task's input, and of its rows
     * @param settings  with pre-aggregation
     * @param totals    goes on with these
     */
    PreAggregation(int partition, OutputSettings settings, RowFormat format, TopicSink sink, RowTotals totals) {
        PreAggregate wanted = settings.preAggregate().orElseThrow();
        this.partition = partition;
        this.maxRows = wanted.maxRows();
        this.metrics = metrics(settings);
        this.format = format;
        this.sink = sink;
        this.sums = new RowSums(wanted.bucket().toMillis(), metrics);
        this.totals = totals;
    }

    private static List<String> metrics(OutputSettings settings) {
        List<String> names =
                new ArrayList<>(settings.metrics().stream().map(Metric::name).toList());
        settings.rowCount().ifPresent(names::add);
        return List.copyOf(names);
    }

    @Override
    public void take(ConsumerRecord<byte[], byte[]> source, byte[] key, List<Row> rows, Collector out) {
        for (Row row : rows) {
            requireNumbers(row);
            format.check(row);
            requireRoom(row);
        }
        rows.forEach(sums::add);
        totals.made(rows.size());
        if (sums.size() >= maxRows) {
            flush(out);
        }
    }

    @Override
    public void flush(Collector out) {
        List<Row> rows = sums.drain();
        totals.sent(rows.size());
        for (Row row : rows) {
            sink.send(partition, null, format.encode(row), out);
        }
    }

    /** A transform may have made something else of a metric. */
    private void requireNumbers(Row row) {
        for (String metric : metrics) {
            Object value = row.get(metric);
            if (value != null && !(value instanceof Long) && !(value instanceof Double)) {
                throw new RejectedRowException(
                        RejectedRowException.BAD_VALUE,
                        "metric " + metric + " = " + ValueTypes.show(value)
                                + ": only numbers can be added up; see the transform, or output.pre-aggregate");
            }
        }
    }

    /** Now is when its record can still be refused: as large as the row may become by adding to its metrics. */
    private void requireRoom(Row row) {
        long most = WIDEST_CHARACTER * 64L;
        for (Map.Entry<String, Object> field : row.fields().entrySet()) {
            most += WIDEST_CHARACTER * (field.getKey().length() + characters(field.getValue()));
        }
        if (!sink.hasRoomFor(most)) {
            sink.requireRoom(format.encode(row).length + (long) LONGEST_NUMBER * metrics.size());
        }
    }

    private static long characters(Object value) {
        if (value instanceof String text) {
            return text.length() + 4L;
        }
        if (value instanceof List<?> list) {
            return 4L + list.stream().mapToLong(PreAggregation::characters).sum();
        }
        return LONGEST_NUMBER + 4L;
    }
}
