package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One field of a row, from a field of a payload: cleaning steps, lookup, type, default, in this order. Of a list, if the type
 * is one, each element for itself. Shared by the tasks of a job.
 */
final class FieldReader {
    private final String label;
    private final String name;
    private final Source source;
    private final List<FieldStep> steps;
    private final Optional<String> lookupName;
    private final LiveLookup lookup;
    private final ValueType type;
    private final Object defaultValue;
    private final OnError onError;

    /**
     * @param label        {@code dimension} or {@code metric}, for explanations
     * @param defaultValue null, or already of the type
     */
    FieldReader(
            String label,
            String name,
            Source source,
            List<CleaningStep> steps,
            Optional<String> lookup,
            Lookups lookups,
            ValueType type,
            Object defaultValue,
            OnError onError) {
        this.label = label;
        this.name = name;
        this.source = source;
        this.steps = CleaningSteps.of(steps, lookups);
        this.lookupName = lookup;
        this.lookup = lookup.map(lookups::get).orElse(null);
        this.type = type;
        this.defaultValue = defaultValue;
        this.onError = onError;
    }

    /**
     * @param notes gets what is to be counted
     * @throws RejectedRowException if the value breaks a rule, and no other value was declared for that
     */
    Object read(JoinedView event, RowNotes notes) {
        Object raw = event.value(source.stream(), source.field());
        Object value = raw;
        try {
            for (FieldStep step : steps) {
                value = each(value, v -> step.apply(v, event, notes));
            }
            if (lookup != null) {
                value = each(value, v -> named(v, notes));
            }
            value = ValueTypes.convert(value, type);
        } catch (BadValueException e) {
            if (onError == OnError.DEAD_LETTER) {
                throw new RejectedRowException(
                        RejectedRowException.BAD_VALUE, explain(event, raw, value, e.getMessage()));
            }
            notes.replaced(name);
            return onError == OnError.DEFAULT ? defaultValue : null;
        }
        return value == null ? defaultValue : value;
    }

    /** The value, or each element of it: a step may give a list for each, and they become one. */
    private Object each(Object value, Change change) throws BadValueException {
        if (type != ValueType.STRINGS || !(value instanceof List<?> list)) {
            return change.of(value);
        }
        List<Object> changed = new ArrayList<>(list.size());
        for (Object element : list) {
            Object now = change.of(element);
            if (now instanceof List<?> several) {
                changed.addAll(several);
            } else {
                changed.add(now);
            }
        }
        return changed;
    }

    private Object named(Object value, RowNotes notes) throws BadValueException {
        if (value == null || value.equals("")) {
            return value;
        }
        String found = lookup.find(ValueTypes.text(value));
        if (found == null) {
            notes.miss(lookupName.get());
            return type == ValueType.STRINGS ? defaultValue : null;
        }
        return found;
    }

    @FunctionalInterface
    private interface Change {
        Object of(Object value) throws BadValueException;
    }

    /**
     * @param last what the rule saw
     */
    private String explain(JoinedView event, Object raw, Object last, String rule) {
        StringBuilder text = new StringBuilder(label).append(' ').append(name);
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
