package dev.adpipe.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.schemas.RowSchema;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.time.Instant;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;

/**
 * Rows as JSON, whichever way they are written: a topic may hold rows of both kinds, of before and after a change. Used by one
 * thread.
 */
final class RowTexts {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final PipelineDefinition definition;
    private BinaryMessageDecoder<GenericRecord> avro;

    RowTexts(PipelineDefinition definition) {
        this.definition = definition;
    }

    /**
     * @throws IOException if it is neither JSON nor Avro of the definition's schema
     */
    JsonNode json(byte[] value) throws IOException {
        // Avro's single-object encoding begins with these two bytes; JSON in UTF-8 cannot.
        boolean isAvro = value.length > 2 && value[0] == (byte) 0xC3 && value[1] == (byte) 0x01;
        return isAvro ? avro(value) : JSON.readTree(value);
    }

    private JsonNode avro(byte[] value) throws IOException {
        if (avro == null) {
            avro = new BinaryMessageDecoder<>(new GenericData(), RowSchema.of(definition));
        }
        try {
            GenericRecord row = avro.decode(value);
            ObjectNode json = (ObjectNode) JSON.readTree(row.toString());
            json.put(
                    "__time", Instant.ofEpochMilli(json.path("__time").asLong()).toString());
            return json;
        } catch (AvroRuntimeException e) {
            throw new IOException("an Avro row that does not have the definition's schema: " + e.getMessage(), e);
        }
    }
}
