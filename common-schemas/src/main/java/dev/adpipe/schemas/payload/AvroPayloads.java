package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.MalformedPayloadException.malformed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;

/**
 * Avro payloads, read by their writer schema: all of it, a few paths of it, or nothing, passing over it. Avro's own reader
 * knows only the first, and into its own classes.
 */
final class AvroPayloads {
    // A schema that contains itself lets a payload nest as deep as it is long.
    private static final int DEEPEST = 500;

    private AvroPayloads() {}

    /** Puts what the tree's paths lead to into {@code values}; reads to the end of the value. */
    static void find(Schema schema, AvroBytes in, PathTree tree, Object[] values, int depth) {
        if (tree == null) {
            skip(schema, in, depth);
            return;
        }
        checkDepth(depth, in);
        switch (schema.getType()) {
            case UNION -> find(branch(schema, in), in, tree, values, depth + 1);
            case RECORD -> {
                tree.found(NoScalar.OBJECT, values);
                for (Field field : schema.getFields()) {
                    find(field.schema(), in, tree.field(field.name()), values, depth + 1);
                }
            }
            case MAP -> {
                tree.found(NoScalar.OBJECT, values);
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    PathTree child = tree.field(in.readString());
                    if (child != null) {
                        child.forget(values);
                    }
                    find(schema.getValueType(), in, child, values, depth + 1);
                }
            }
            case ARRAY -> {
                tree.found(NoScalar.ARRAY, values);
                int index = 0;
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    find(schema.getElementType(), in, tree.element(index++), values, depth + 1);
                }
            }
            case NULL -> tree.found(NoScalar.NULL, values);
            default -> tree.found(AvroScalars.read(schema, in), values);
        }
    }

    /** The value as {@link Payload} gives it; records and maps as {@code Map}, null as null. */
    static Object read(Schema schema, AvroBytes in, int depth) {
        checkDepth(depth, in);
        return switch (schema.getType()) {
            case UNION -> read(branch(schema, in), in, depth + 1);
            case RECORD -> {
                Map<String, Object> record = new LinkedHashMap<>();
                for (Field field : schema.getFields()) {
                    record.put(field.name(), read(field.schema(), in, depth + 1));
                }
                yield record;
            }
            case MAP -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    map.put(in.readString(), read(schema.getValueType(), in, depth + 1));
                }
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    list.add(read(schema.getElementType(), in, depth + 1));
                }
                yield list;
            }
            case NULL -> null;
            default -> AvroScalars.read(schema, in);
        };
    }

    /** Passes over the value, and finds it malformed if it is. */
    static void skip(Schema schema, AvroBytes in, int depth) {
        checkDepth(depth, in);
        switch (schema.getType()) {
            case UNION -> skip(branch(schema, in), in, depth + 1);
            case RECORD -> {
                for (Field field : schema.getFields()) {
                    skip(field.schema(), in, depth + 1);
                }
            }
            case MAP -> {
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    in.skipBytes();
                    skip(schema.getValueType(), in, depth + 1);
                }
            }
            case ARRAY -> {
                for (long left = in.readBlockCount(); left > 0; left = left > 1 ? left - 1 : in.readBlockCount()) {
                    skip(schema.getElementType(), in, depth + 1);
                }
            }
            case NULL -> {}
            default -> AvroScalars.skip(schema, in);
        }
    }

    /** Which schema of the union the value has. */
    static Schema branch(Schema union, AvroBytes in) {
        List<Schema> branches = union.getTypes();
        int index = in.readInt();
        if (index < 0 || index >= branches.size()) {
            throw malformed(
                    "not of this Avro schema: branch " + index + " of a union of " + branches.size() + in.where());
        }
        return branches.get(index);
    }

    private static void checkDepth(int depth, AvroBytes in) {
        if (depth > DEEPEST) {
            throw malformed("nested more than " + DEEPEST + " deep" + in.where());
        }
    }
}
