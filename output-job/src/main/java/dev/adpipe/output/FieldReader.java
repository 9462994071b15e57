package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One field of a row, from a field of a payload: cleaning steps, lookup, type, default, in this order. Shared by the tasks
 * of a job.
 */
final class FieldReader {
    private final String name;
    private final Source source;
    private final List<ValueStep> steps;
    private final Optional<String> lookupName;
    private final HotLookup lookup;
    private final ValueType type;
    private final Object defaultValue;

    /**
     * @param label        {@code dimension} or {@code metric} and the name, for explanations
     * @param defaultValue null, or already of the type
     */
    FieldReader(
            String label,
            Source source,
            List<CleaningStep> steps,
            Optional<String> lookup,
            Lookups lookups,
            ValueType type,
            Object defaultValue) {
        this.name = label;
        this.source = source;
        this.steps = CleaningSteps.of(steps);
        this.lookupName = lookup;
        this.lookup = lookup.map(lookups::get).orElse(null);
        this.type = type;
        this.defaultValue = defaultValue;
    }

    /**
     * @param misses gets the lookup's name if it has no name for the value
     * @throws RejectedRowException if the value breaks a rule
     */
    Object read(JoinedView event, List<String> misses) {
        Object raw = event.value(source.stream(), source.field());
        Object value = raw;
        try {
            for (ValueStep step : steps) {
                value = step.apply(value);
            }
            value = named(value, misses);
            value = ValueTypes.convert(value, type);
        } catch (BadValueException e) {
            throw new RejectedRowException(RejectedRowException.BAD_VALUE, explain(event, raw, value, e.getMessage()));
        }
        return value == null ? defaultValue : value;
    }

    private Object named(Object value, List<String> misses) throws BadValueException {
        if (lookup == null || value == null || value.equals("")) {
            return value;
        }
        String found = lookup.find(ValueTypes.text(value));
        if (found == null) {
            misses.add(lookupName.get());
        }
        return found;
    }

    /**
     * @param last what the rule saw
     */
    private String explain(JoinedView event, Object raw, Object last, String rule) {
        StringBuilder text = new StringBuilder(name);
        text.append(" from field ").append(source.field()).append(" of stream ").append(source.stream());
        text.append(" (event ")
                .append(event.id(source.stream()).orElse("?"))
                .append("), value ")
                .append(ValueTypes.show(raw));
        if (!Objects.equals(raw, last)) {
            lookupName.ifPresent(l -> text.append(", through lookup ").append(l));
            text.append(", cleaned ").append(ValueTypes.show(last));
        }
        return text.append(": ").append(rule).toString();
    }
}
