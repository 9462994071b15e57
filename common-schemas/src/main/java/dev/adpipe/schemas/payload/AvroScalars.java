package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.MalformedPayloadException.malformed;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Avro's types that hold one value, as {@link Payload} gives them; the package says which becomes what. */
final class AvroScalars {
    // 150 digits and more: no amount of money, and its text costs the square of its length.
    private static final int LONGEST_DECIMAL = 64;

    private AvroScalars() {}

    static Object read(Schema schema, AvroBytes in) {
        return switch (schema.getType()) {
            case STRING -> in.readString();
            case ENUM -> symbol(schema, in);
            case BOOLEAN -> in.readBoolean();
            case INT ->
                schema.getLogicalType() instanceof LogicalTypes.Date ? (Object) date(in) : (Object) (long) in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> shortest(in.readFloat());
            case DOUBLE -> in.readDouble();
            case BYTES -> content(schema.getLogicalType(), in.readBytes(), in);
            case FIXED -> content(schema.getLogicalType(), in.readFixed(schema.getFixedSize()), in);
            case RECORD, ARRAY, MAP, UNION, NULL ->
                throw new IllegalArgumentException(schema.getType() + " is no scalar");
        };
    }

    static void skip(Schema schema, AvroBytes in) {
        switch (schema.getType()) {
            case STRING, BYTES -> in.skipBytes();
            case ENUM -> symbol(schema, in);
            case BOOLEAN -> in.readBoolean();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.skip(4);
            case DOUBLE -> in.skip(8);
            case FIXED -> in.skip(schema.getFixedSize());
            case RECORD, ARRAY, MAP, UNION, NULL ->
                throw new IllegalArgumentException(schema.getType() + " is no scalar");
        }
    }

    private static String symbol(Schema schema, AvroBytes in) {
        int index = in.readInt();
        if (index < 0 || index >= schema.getEnumSymbols().size()) {
            throw malformed("not of this Avro schema: symbol " + index + " of " + schema.getFullName() + ", which has "
                    + schema.getEnumSymbols().size() + in.where());
        }
        return schema.getEnumSymbols().get(index);
    }

    private static String date(AvroBytes in) {
        try {
            return LocalDate.ofEpochDay(in.readInt()).toString();
        } catch (DateTimeException e) {
            throw malformed("not a date: " + e.getMessage() + in.where());
        }
    }

    /** 0.1f is meant as 0.1, not as the 0.10000000149 that a cast gives. */
    private static Double shortest(float value) {
        return Double.valueOf(Float.toString(value));
    }

    private static Object content(LogicalType logical, byte[] bytes, AvroBytes in) {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            if (bytes.length == 0 || bytes.length > LONGEST_DECIMAL) {
                throw malformed("a decimal has 1 to " + LONGEST_DECIMAL + " bytes, not " + bytes.length + in.where());
            }
            return new BigDecimal(new BigInteger(bytes), decimal.getScale());
        }
        if (logical instanceof LogicalTypes.Uuid && bytes.length == 16) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong()).toString();
        }
        return HexFormat.of().formatHex(bytes);
    }
}
