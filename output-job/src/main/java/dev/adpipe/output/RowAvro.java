package dev.adpipe.output;

import dev.adpipe.schemas.RowSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * Writes rows in Avro's single-object encoding, with the schema that follows from the definition. Used by the container's
 * thread.
 */
final class RowAvro implements RowFormat {
    private final Schema schema;
    private final BinaryMessageEncoder<GenericRecord> encoder;

    RowAvro(Schema schema) {
        this.schema = schema;
        this.encoder = new BinaryMessageEncoder<>(new GenericData(), schema);
    }

    @Override
    public byte[] encode(Row row) {
        check(row);
        GenericRecord record = new GenericData.Record(schema);
        record.put(Row.TIME, row.time());
        row.fields().forEach(record::put);
        try {
            ByteBuffer encoded = encoder.encode(record);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void check(Row row) {
        for (Map.Entry<String, Object> field : row.fields().entrySet()) {
            Schema.Field declared = schema.getField(field.getKey());
            if (declared == null) {
                throw rejected(field, "the definition declares no dimension and no metric of this name");
            }
            Schema type = RowSchema.valueType(declared);
            if (!fits(field.getValue(), type)) {
                throw rejected(field, "Avro rows carry it as " + type.getType().getName());
            }
        }
    }

    private static boolean fits(Object value, Schema type) {
        if (value == null) {
            return true;
        }
        return switch (type.getType()) {
            case STRING -> value instanceof String;
            case LONG -> value instanceof Long;
            case DOUBLE -> value instanceof Double;
            case BOOLEAN -> value instanceof Boolean;
            case ARRAY -> value instanceof List;
            default -> false;
        };
    }

    private static RejectedRowException rejected(Map.Entry<String, Object> field, String rule) {
        return new RejectedRowException(
                RejectedRowException.BAD_VALUE,
                "field " + field.getKey() + " = " + ValueTypes.show(field.getValue()) + ": " + rule);
    }
}
