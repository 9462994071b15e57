package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.RowTime;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes rows of joined events as declared: time, dimensions, metrics. Shared by the tasks of a job. */
final class RowMaker {
    private final RowTime time;
    private final List<Field> fields = new ArrayList<>();

    /**
     * @throws IllegalArgumentException if a default or constant is not of its type, a name is taken, or a lookup is not
     *     there
     */
    RowMaker(OutputSettings settings, Lookups lookups) {
        this.time = settings.time();
        settings.dimensions().forEach(dimension -> fields.add(dimension(dimension, lookups)));
        settings.metrics().forEach(metric -> fields.add(metric(metric, lookups)));
        settings.rowCount().ifPresent(name -> fields.add(new Field(name, (event, misses) -> 1L)));
        Set<String> names = new HashSet<>(Set.of(Row.TIME));
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("output: '" + field.name()
                        + "' is the name of more than one dimension or metric, or of the row's time");
            }
        }
    }

    /**
     * @param notes gets what is to be counted
     * @throws RejectedRowException if a value breaks a rule
     */
    Row make(LazyJoinedView event, RowNotes notes) {
        Row row = new Row(time(event));
        for (Field field : fields) {
            row.set(field.name(), field.content().of(event, notes));
        }
        return row;
    }

    long time(LazyJoinedView event) {
        return time == RowTime.ROOT ? event.rootTime() : event.triggerTime();
    }

    private static Field dimension(Dimension dimension, Lookups lookups) {
        String label = "dimension " + dimension.name();
        FieldReader reader = new FieldReader(
                "dimension",
                dimension.name(),
                dimension.source(),
                dimension.steps(),
                dimension.lookup(),
                lookups,
                dimension.type(),
                typed(label + " default", dimension.defaultValue().orElse(null), dimension.type()),
                dimension.onError());
        return new Field(dimension.name(), reader::read);
    }

    private static Field metric(Metric metric, Lookups lookups) {
        String label = "metric " + metric.name();
        Object zero = typed(label, BigDecimal.ZERO, metric.type());
        Content counted;
        if (metric.constant().isPresent()) {
            Object constant = typed(label + " value", metric.constant().get(), metric.type());
            counted = (event, notes) -> constant;
        } else {
            FieldReader reader = new FieldReader(
                    "metric",
                    metric.name(),
                    metric.source()
                            .orElseThrow(() ->
                                    new IllegalArgumentException(label + " has neither a constant value nor a field")),
                    metric.steps(),
                    Optional.empty(),
                    lookups,
                    metric.type(),
                    typed(label + " default", metric.defaultValue().orElse(null), metric.type()),
                    metric.onError());
            counted = reader::read;
        }
        return new Field(
                metric.name(), (event, notes) -> event.trigger().equals(metric.on()) ? counted.of(event, notes) : zero);
    }

    private static Object typed(String label, Object declared, ValueType type) {
        try {
            return declared instanceof String text && type == ValueType.STRING
                    ? text
                    : ValueTypes.convert(declared, type);
        } catch (BadValueException e) {
            throw new IllegalArgumentException("output: " + label + " = " + declared + ": " + e.getMessage());
        }
    }

    private record Field(String name, Content content) {}

    @FunctionalInterface
    private interface Content {
        Object of(JoinedView event, RowNotes notes);
    }
}
