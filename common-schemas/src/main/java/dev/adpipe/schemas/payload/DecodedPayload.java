package dev.adpipe.schemas.payload;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A payload read as a whole. */
final class DecodedPayload implements Payload {
    private final Map<String, Object> fields;
    private final List<String> element;

    /**
     * @param element names of the fields that lead to the element that the payload was cut down to; empty if it was not
     */
    DecodedPayload(Map<String, Object> fields, List<String> element) {
        this.fields = Collections.unmodifiableMap(fields);
        this.element = element;
    }

    @Override
    public Object value(FieldPath path) {
        Object at = fields;
        List<Object> steps = path.steps();
        boolean onTheWay = true;
        for (int i = 0; i < steps.size() && at != null; i++) {
            at = next(at, steps.get(i));
            onTheWay = onTheWay && i < element.size() && element.get(i).equals(steps.get(i));
            boolean indexed = i + 1 < steps.size() && steps.get(i + 1) instanceof Integer;
            if (onTheWay && !indexed && at instanceof List<?> list && list.size() == 1) {
                at = list.get(0);
            }
        }
        return at;
    }

    private static Object next(Object at, Object step) {
        if (step instanceof Integer index) {
            return at instanceof List<?> list && index < list.size() ? list.get(index) : null;
        }
        return at instanceof Map<?, ?> map ? map.get(step) : null;
    }

    @Override
    public Map<String, Object> fields() {
        return fields;
    }

    @Override
    public String toJson() {
        return JsonPayloads.write(fields);
    }
}
