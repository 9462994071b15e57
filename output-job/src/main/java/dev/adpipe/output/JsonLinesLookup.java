package dev.adpipe.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.util.Iterator;

/** One JSON object per line; key and value are text, numbers or booleans at the top level, the value may be null. */
final class JsonLinesLookup {
    private static final ObjectReader OBJECT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final FileLookup lookup;
    private long line;

    private JsonLinesLookup(FileLookup lookup) {
        this.lookup = lookup;
    }

    static LookupTable read(FileLookup lookup, String text) throws LookupFileException {
        return new JsonLinesLookup(lookup).read(text);
    }

    private LookupTable read(String text) throws LookupFileException {
        LookupTable.Builder table = new LookupTable.Builder();
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            String json = lines.next();
            line++;
            if (!json.isBlank()) {
                JsonNode object = object(json);
                table.add(line, scalar(object, lookup.key()), scalar(object, lookup.value()));
            }
        }
        return table.build();
    }

    private JsonNode object(String json) throws LookupFileException {
        try {
            JsonNode node = OBJECT.readValue(json);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw bad("is no JSON: " + e.getOriginalMessage());
        }
        throw bad("is no JSON object");
    }

    private String scalar(JsonNode object, String field) throws LookupFileException {
        JsonNode node = object.get(field);
        if (node == null) {
            throw bad("has no field '" + field + "'");
        }
        if (node.isNull()) {
            return "";
        }
        if (node.isContainerNode()) {
            throw bad("has a list or an object as '" + field + "'; it must be text, a number or a boolean");
        }
        try {
            return ValueTypes.text(node.isNumber() ? node.decimalValue() : node.asText());
        } catch (BadValueException e) {
            throw bad("field '" + field + "': " + e.getMessage());
        }
    }

    private LookupFileException bad(String why) {
        return new LookupFileException(lookup.path(), line, why);
    }
}
