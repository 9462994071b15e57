package dev.adpipe.schemas.payload;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.adpipe.schemas.payload.Elements.Array;
import dev.adpipe.schemas.payload.Elements.Element;
import java.io.IOException;

/** Finds the elements of a {@code for-each} array in JSON. The last of several fields of one name counts. */
final class JsonElements {
    private final JsonParser parser;
    private final ElementPath path;
    private final Elements found = new Elements();

    private JsonElements(JsonParser parser, ElementPath path) {
        this.parser = parser;
        this.path = path;
    }

    /**
     * @param parser at the beginning of the payload's object; afterwards at its end
     * @throws MalformedPayloadException if there is no array where the path leads
     */
    static Elements find(JsonParser parser, ElementPath path) throws IOException {
        if (parser.currentTokenLocation().getByteOffset() < 0) {
            throw MalformedPayloadException.malformed("JSON that for-each is to split must be in UTF-8");
        }
        JsonElements elements = new JsonElements(parser, path);
        path.check(elements.inObject(0, null));
        return elements.found;
    }

    /** What is wrong, null if nothing is. */
    private String inObject(int depth, Element outer) throws IOException {
        int before = found.size();
        String problem = path.problem(depth, "is missing");
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (name.equals(path.name(depth))) {
                found.truncate(before);
                problem = inValue(token, depth, outer);
            } else {
                parser.skipChildren();
            }
        }
        return problem;
    }

    private String inValue(JsonToken token, int depth, Element outer) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            return inArray(depth, outer);
        }
        if (token == JsonToken.START_OBJECT && !path.endsAt(depth)) {
            return inObject(depth + 1, outer);
        }
        parser.skipChildren();
        return path.problem(depth, token == JsonToken.VALUE_NULL ? "is null" : "is no array");
    }

    private String inArray(int depth, Element outer) throws IOException {
        Array array = new Array(position(parser.currentTokenLocation()));
        String problem = null;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Element element = new Element(array, outer, position(parser.currentTokenLocation()));
            String wrong = inElement(token, depth, element);
            // A text or number is read no further than it had to be.
            parser.finishToken();
            element.endAt(position(parser.currentLocation()));
            problem = problem == null ? wrong : problem;
        }
        array.endAt(position(parser.currentLocation()));
        return problem;
    }

    private String inElement(JsonToken token, int depth, Element element) throws IOException {
        if (token == JsonToken.START_OBJECT && !path.endsAt(depth)) {
            return inObject(depth + 1, element);
        }
        parser.skipChildren();
        if (token == JsonToken.START_ARRAY) {
            return path.problem(depth, "has an array as its element");
        }
        if (!path.endsAt(depth)) {
            return path.problem(depth, "has an element that is no object");
        }
        found.add(element);
        return null;
    }

    private static int position(JsonLocation location) {
        return (int) location.getByteOffset();
    }
}
