package dev.adpipe.schemas;

import dev.adpipe.schemas.definition.OutputSettings;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The Avro schema of a pipeline's rows: {@code __time}, then dimensions and metrics in the definition's order. Every field but
 * the time may be null and has null for its default, so that an added dimension can be read from older rows. Stateless.
 */
public final class RowSchema {
    private static final String TIME = "__time";

    private RowSchema() {}

    public static Schema of(PipelineDefinition definition) {
        OutputSettings output = definition.output();
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field(
                TIME, LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)), null, null));
        output.dimensions().forEach(d -> fields.add(field(d.name(), type(d.type()))));
        output.metrics().forEach(m -> fields.add(field(m.name(), type(m.type()))));
        output.rowCount().ifPresent(name -> fields.add(field(name, Schema.create(Schema.Type.LONG))));
        String namespace = "adpipe." + name(definition.customer()) + "." + name(definition.name());
        return Schema.createRecord(
                "Row", "A row of pipeline " + definition.topics().prefix(), namespace, false, fields);
    }

    /** Of what a field holds when it is not null. */
    public static Schema valueType(Schema.Field field) {
        Schema schema = field.schema();
        return schema.isUnion() ? schema.getTypes().get(1) : schema;
    }

    private static Schema.Field field(String name, Schema type) {
        return new Schema.Field(
                name, Schema.createUnion(Schema.create(Schema.Type.NULL), type), null, JsonProperties.NULL_VALUE);
    }

    private static Schema type(ValueType type) {
        return switch (type) {
            case STRING -> Schema.create(Schema.Type.STRING);
            case STRINGS -> Schema.createArray(Schema.create(Schema.Type.STRING));
            case LONG -> Schema.create(Schema.Type.LONG);
            case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
        };
    }

    /** Customers and pipelines may have hyphens, and begin with a digit; Avro's names must not. */
    private static String name(String part) {
        String plain = part.replace('-', '_');
        return Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }
}
