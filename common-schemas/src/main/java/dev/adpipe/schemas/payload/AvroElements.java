package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.payload.Elements.Array;
import dev.adpipe.schemas.payload.Elements.Element;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/** Finds the elements of a {@code for-each} array in Avro binary, by its writer schema. */
final class AvroElements {
    private final AvroBytes in;
    private final ElementPath path;
    private final Elements found = new Elements();

    private AvroElements(AvroBytes in, ElementPath path) {
        this.in = in;
        this.path = path;
    }

    /**
     * @param in at the beginning of the payload's record; afterwards at its end
     * @throws MalformedPayloadException if there is no array where the path leads
     */
    static Elements find(Schema schema, AvroBytes in, ElementPath path) {
        AvroElements elements = new AvroElements(in, path);
        Schema record = elements.resolve(schema);
        String problem;
        if (record.getType() == Schema.Type.RECORD) {
            problem = elements.inRecord(record, 0, null);
        } else {
            AvroPayloads.skip(record, in, 0);
            problem = path.problem(0, "is missing");
        }
        in.expectEnd();
        path.check(problem);
        return elements.found;
    }

    /** What is wrong, null if nothing is. */
    private String inRecord(Schema record, int depth, Element outer) {
        String problem = path.problem(depth, "is missing");
        for (Field field : record.getFields()) {
            if (field.name().equals(path.name(depth))) {
                problem = inValue(resolve(field.schema()), depth, outer);
            } else {
                AvroPayloads.skip(field.schema(), in, 0);
            }
        }
        return problem;
    }

    private String inValue(Schema schema, int depth, Element outer) {
        if (schema.getType() == Schema.Type.ARRAY) {
            return inArray(schema.getElementType(), depth, outer);
        }
        if (schema.getType() == Schema.Type.RECORD && !path.endsAt(depth)) {
            return inRecord(schema, depth + 1, outer);
        }
        AvroPayloads.skip(schema, in, 0);
        return switch (schema.getType()) {
            case NULL -> path.problem(depth, "is null");
            // A block of a map may say its size in bytes, which would be wrong after the cut.
            case MAP -> path.problem(depth, "is a map; for-each leads through records and arrays");
            default -> path.problem(depth, "is no array");
        };
    }

    private String inArray(Schema elementSchema, int depth, Element outer) {
        Array array = new Array(in.position());
        String problem = null;
        for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
            Element element = new Element(array, outer, in.position());
            String wrong = inElement(resolve(elementSchema), depth, element);
            element.endAt(in.position());
            problem = problem == null ? wrong : problem;
        }
        array.endAt(in.position());
        return problem;
    }

    private String inElement(Schema schema, int depth, Element element) {
        if (schema.getType() == Schema.Type.RECORD && !path.endsAt(depth)) {
            return inRecord(schema, depth + 1, element);
        }
        AvroPayloads.skip(schema, in, 0);
        if (schema.getType() == Schema.Type.ARRAY) {
            return path.problem(depth, "has an array as its element");
        }
        if (!path.endsAt(depth)) {
            return path.problem(depth, "has an element that is no record");
        }
        found.add(element);
        return null;
    }

    private Schema resolve(Schema schema) {
        return schema.getType() == Schema.Type.UNION ? AvroPayloads.branch(schema, in) : schema;
    }
}
