package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Reads whole payloads of one stream. A payload says itself how it is encoded, so those that were sent before the
 * stream's format changed stay readable as long as their schema is still known.
 *
 * <p>For one thread at a time.
 */
public final class PayloadDecoder {
    private final WriterSchemas schemas;
    private final List<String> element;

    private PayloadDecoder(WriterSchemas schemas, List<String> element) {
        this.schemas = schemas;
        this.element = element;
    }

    /**
     * For payloads in envelopes: if the stream has a {@code for-each}, its array is that of {@link ElementReader}, and
     * stands for its one element.
     *
     * @throws IllegalArgumentException if a schema file cannot be read
     */
    public static PayloadDecoder of(StreamDefinition stream) {
        List<String> element =
                stream.forEach().map(path -> ElementPath.of(path).names()).orElse(List.of());
        return new PayloadDecoder(WriterSchemas.of(stream.format()), element);
    }

    /**
     * @throws IllegalArgumentException if a schema file cannot be read
     */
    public static PayloadDecoder of(PayloadFormat format) {
        return new PayloadDecoder(WriterSchemas.of(format), List.of());
    }

    /**
     * Reads a payload out of an envelope, with the encoding and the schema id that stand beside it there.
     *
     * @param bytes the payload from position to limit; both are left as they are
     * @throws MalformedPayloadException          if it cannot be read, or its schema is unknown
     * @throws SchemaRegistryUnavailableException if its schema could not be asked for now
     */
    public Payload decode(PayloadEncoding encoding, long schemaId, ByteBuffer bytes) {
        if (encoding == PayloadEncoding.JSON) {
            return new DecodedPayload(JsonPayloads.read(bytes), element);
        }
        Schema schema = schemas.schema(encoding, schemaId);
        AvroBytes in = new AvroBytes(bytes, WriterSchemas.headerLength(encoding));
        Object value = AvroPayloads.read(schema, in, 0);
        in.expectEnd();
        if (!(value instanceof Map<?, ?> map)) {
            throw MalformedPayloadException.malformed(
                    "the Avro schema's top level is " + schema.getType().getName() + ", an event is a record");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((name, content) -> fields.put((String) name, content));
        return new DecodedPayload(fields, element);
    }

    /**
     * Reads a raw record's value, in the format of the definition.
     *
     * @throws MalformedPayloadException          as {@link #decode} does
     * @throws SchemaRegistryUnavailableException as {@link #decode} does
     */
    public Payload decodeRaw(ByteBuffer bytes) {
        return decode(schemas.encoding(), schemas.idIn(bytes), bytes);
    }
}
