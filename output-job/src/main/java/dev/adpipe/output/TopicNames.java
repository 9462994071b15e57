package dev.adpipe.output;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.Payload;
import dev.adpipe.schemas.payload.PayloadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The table that one reading of a compacted topic makes. A record's change takes effect at once, also when it gives its name
 * to another id than before; of two records with one id, the later one counts.
 *
 * <p>Changed by one thread, read by any.
 */
final class TopicNames {
    private final TopicLookup declared;
    private final PayloadDecoder json = PayloadDecoder.of(new PayloadFormat.Json());
    private final Map<String, String> idOfRecord = new HashMap<>();
    private final Map<String, Named> names = new ConcurrentHashMap<>();

    /**
     * @param recordKey of the record that gave the name
     */
    private record Named(String recordKey, String name) {}

    TopicNames(TopicLookup declared) {
        this.declared = declared;
    }

    String find(String id) {
        Named named = names.get(id);
        return named == null ? null : named.name();
    }

    int size() {
        return names.size();
    }

    /**
     * @param value null: deleted
     * @throws BadValueException if id or name cannot be had; what the record's key stood for before stays
     */
    void change(byte[] key, byte[] value) throws BadValueException {
        if (key == null) {
            throw new BadValueException("has no key; records of a compacted topic have one");
        }
        // Any bytes, as text one to one.
        String recordKey = new String(key, StandardCharsets.ISO_8859_1);
        if (value == null) {
            forget(recordKey, idOfRecord.remove(recordKey));
            return;
        }
        Payload payload = declared.key().isEmpty() && declared.value().isEmpty() ? null : payload(value);
        String id = declared.key().isEmpty()
                ? new String(key, StandardCharsets.UTF_8)
                : text(payload, declared.key().get());
        if (id.isEmpty()) {
            throw new BadValueException("has an empty id");
        }
        String name = declared.value().isEmpty()
                ? new String(value, StandardCharsets.UTF_8)
                : text(payload, declared.value().get());
        String before = idOfRecord.put(recordKey, id);
        if (!id.equals(before)) {
            forget(recordKey, before);
        }
        names.put(id, new Named(recordKey, name));
    }

    /** Unless another record has taken the id over. */
    private void forget(String recordKey, String id) {
        if (id != null) {
            names.computeIfPresent(id, (i, named) -> named.recordKey().equals(recordKey) ? null : named);
        }
    }

    private Payload payload(byte[] value) throws BadValueException {
        try {
            return json.decodeRaw(ByteBuffer.wrap(value));
        } catch (MalformedPayloadException e) {
            throw new BadValueException("its value cannot be used: " + e.getMessage());
        }
    }

    private static String text(Payload payload, FieldPath path) throws BadValueException {
        Object value = payload.value(path);
        if (value == null) {
            throw new BadValueException("has nothing at " + path + " in its value");
        }
        return ValueTypes.text(value);
    }
}
