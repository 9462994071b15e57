package dev.adpipe.output;

import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.PayloadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The step {@code json}: what stands at a path in a text that is a JSON object; an object in the text's place will do. */
final class JsonStep implements ValueStep {
    private final PayloadDecoder json = PayloadDecoder.of(new PayloadFormat.Json());
    private final FieldPath path;

    JsonStep(FieldPath path) {
        this.path = path;
    }

    @Override
    public Object apply(Object value) throws BadValueException {
        if (value == null) {
            return null;
        }
        Object at = value instanceof Map ? value : parsed(value);
        for (Object step : path.steps()) {
            at = next(at, step);
        }
        return at;
    }

    private Object parsed(Object value) throws BadValueException {
        String text = ValueTypes.text(value);
        if (text.isBlank()) {
            return null;
        }
        try {
            return json.decodeRaw(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                    .fields();
        } catch (MalformedPayloadException e) {
            throw new BadValueException("step json takes the text of a JSON object: " + e.getMessage());
        }
    }

    private static Object next(Object at, Object step) {
        if (step instanceof Integer index) {
            return at instanceof List<?> list && index < list.size() ? list.get(index) : null;
        }
        return at instanceof Map<?, ?> map ? map.get(step) : null;
    }
}
