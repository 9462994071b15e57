package dev.adpipe.schemas.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON payloads, as a stream of tokens. Jackson's own limits guard against absurd nesting, numbers and names. */
final class JsonPayloads {
    // Field names are data here: interning them would fill the JVM's table with whatever a producer sends.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final ObjectMapper WRITER = new ObjectMapper();

    // Beyond this a BigDecimal is a trap: written out plainly it would fill the memory.
    private static final int GREATEST_EXPONENT = 400;

    private JsonPayloads() {}

    /** Puts what the tree's paths lead to into {@code values}; reads the payload to its end. */
    static void find(ByteBuffer bytes, PathTree tree, Object[] values) {
        try (JsonParser parser = open(bytes)) {
            findInObject(parser, tree, values);
            expectEnd(parser);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Where the elements stand that the path leads to; reads the payload to its end. */
    static Elements elements(ByteBuffer bytes, ElementPath path) {
        try (JsonParser parser = open(bytes)) {
            Elements elements = JsonElements.find(parser, path);
            expectEnd(parser);
            return elements;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Everything, in the order of the payload. */
    static Map<String, Object> read(ByteBuffer bytes) {
        try (JsonParser parser = open(bytes)) {
            Map<String, Object> fields = readObject(parser);
            expectEnd(parser);
            return fields;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    static String write(Map<String, Object> fields) {
        try {
            return WRITER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a map of plain values is always JSON", e);
        }
    }

    private static JsonParser open(ByteBuffer bytes) throws IOException {
        JsonParser parser;
        if (bytes.hasArray()) {
            parser = FACTORY.createParser(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            parser = FACTORY.createParser(copy);
        }
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw MalformedPayloadException.malformed("not JSON: the value is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw MalformedPayloadException.malformed(
                    "the JSON's top level is " + describe(first) + ", an event is an object { .. }");
        }
        return parser;
    }

    private static void expectEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw MalformedPayloadException.malformed("not JSON: there is more after the end of the object, at byte "
                    + parser.currentTokenLocation().getByteOffset());
        }
    }

    private static void findInObject(JsonParser parser, PathTree tree, Object[] values) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            findInValue(parser, parser.nextToken(), tree.field(name), values);
        }
    }

    private static void findInArray(JsonParser parser, PathTree tree, Object[] values) throws IOException {
        int index = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            findInValue(parser, token, tree.element(index++), values);
        }
    }

    private static void findInValue(JsonParser parser, JsonToken token, PathTree tree, Object[] values)
            throws IOException {
        if (tree == null) {
            parser.skipChildren();
            return;
        }
        tree.forget(values);
        switch (token) {
            case START_OBJECT -> {
                tree.found(NoScalar.OBJECT, values);
                findInObject(parser, tree, values);
            }
            case START_ARRAY -> {
                tree.found(NoScalar.ARRAY, values);
                findInArray(parser, tree, values);
            }
            case VALUE_NULL -> tree.found(NoScalar.NULL, values);
            default -> tree.found(scalar(parser, token), values);
        }
    }

    private static Map<String, Object> readObject(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            fields.put(name, readValue(parser, parser.nextToken()));
        }
        return fields;
    }

    private static Object readValue(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_NULL -> null;
            default -> scalar(parser, token);
        };
    }

    private static List<Object> readArray(JsonParser parser) throws IOException {
        List<Object> list = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            list.add(readValue(parser, token));
        }
        return list;
    }

    private static Object scalar(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) new BigDecimal(parser.getText())
                        : (Object) parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser.getText());
            default -> throw new IllegalStateException("a JSON value cannot begin with " + token);
        };
    }

    private static Object decimal(String text) {
        BigDecimal value;
        try {
            value = new BigDecimal(text);
        } catch (NumberFormatException e) {
            // JSON's grammar allows exponents beyond 32 bits, BigDecimal does not.
            return Double.parseDouble(text);
        }
        return Math.abs((long) value.scale()) > GREATEST_EXPONENT + value.precision()
                ? (Object) Double.parseDouble(text)
                : (Object) value;
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NULL -> "null";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            default -> "a number";
        };
    }

    private static MalformedPayloadException malformed(IOException e) {
        String problem = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String where = e instanceof JsonProcessingException json && json.getLocation() != null
                ? ", at byte " + json.getLocation().getByteOffset()
                : "";
        return MalformedPayloadException.malformed("not JSON: " + problem + where);
    }
}
