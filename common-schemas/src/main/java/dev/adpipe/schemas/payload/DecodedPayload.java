package dev.adpipe.schemas.payload;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A payload read as a whole. */
final class DecodedPayload implements Payload {
    private final Map<String, Object> fields;

    DecodedPayload(Map<String, Object> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    @Override
    public Object value(FieldPath path) {
        Object at = fields;
        for (Object step : path.steps()) {
            at = next(at, step);
            if (at == null) {
                return null;
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
