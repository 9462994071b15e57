package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.MalformedPayloadException.malformed;
import static dev.adpipe.schemas.payload.MalformedPayloadException.unknownSchema;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/** Which schema a payload was written with: how the bytes name it, and where it is found. */
final class WriterSchemas {
    private static final int SINGLE_OBJECT_HEADER = 10;
    private static final int CONFLUENT_HEADER = 5;
    private static final short SINGLE_OBJECT_MARKER = (short) 0xC301;

    private final PayloadEncoding encoding;
    private final Map<Long, Schema> byFingerprint;
    private final long onlyFingerprint;
    private final Optional<SchemaRegistry> registry;

    private WriterSchemas(PayloadEncoding encoding, List<Path> files, Optional<SchemaRegistry> registry) {
        this.encoding = encoding;
        this.registry = registry;
        this.byFingerprint = new HashMap<>();
        for (Path file : files) {
            Schema schema = read(file);
            byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
        }
        this.onlyFingerprint = encoding == PayloadEncoding.AVRO
                ? byFingerprint.keySet().iterator().next()
                : 0;
    }

    static WriterSchemas of(PayloadFormat format) {
        if (format instanceof PayloadFormat.Avro avro) {
            return new WriterSchemas(PayloadEncoding.AVRO, List.of(avro.schema()), Optional.empty());
        }
        if (format instanceof PayloadFormat.AvroSingleObject single) {
            return new WriterSchemas(PayloadEncoding.AVRO_SINGLE_OBJECT, single.schemas(), Optional.empty());
        }
        if (format instanceof PayloadFormat.ConfluentAvro confluent) {
            return new WriterSchemas(
                    PayloadEncoding.CONFLUENT_AVRO, List.of(), Optional.of(SchemaRegistry.of(confluent)));
        }
        return new WriterSchemas(PayloadEncoding.JSON, List.of(), Optional.empty());
    }

    /** How raw records of the format are written. */
    PayloadEncoding encoding() {
        return encoding;
    }

    /** Bytes before the Avro record. */
    static int headerLength(PayloadEncoding encoding) {
        return switch (encoding) {
            case JSON, AVRO -> 0;
            case AVRO_SINGLE_OBJECT -> SINGLE_OBJECT_HEADER;
            case CONFLUENT_AVRO -> CONFLUENT_HEADER;
        };
    }

    /** The id of the schema of a raw record; 0 for JSON. */
    long idIn(ByteBuffer bytes) {
        int from = bytes.position();
        return switch (encoding) {
            case JSON -> 0;
            case AVRO -> onlyFingerprint;
            case AVRO_SINGLE_OBJECT -> {
                if (bytes.remaining() < SINGLE_OBJECT_HEADER
                        || bigEndian(bytes).getShort(from) != SINGLE_OBJECT_MARKER) {
                    throw malformed("not in Avro single-object encoding: it begins with the bytes C3 01 and the"
                            + " schema's fingerprint, 10 bytes in all");
                }
                yield bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(from + 2);
            }
            case CONFLUENT_AVRO -> {
                if (bytes.remaining() < CONFLUENT_HEADER || bytes.get(from) != 0) {
                    throw malformed("not in Confluent's wire format: it begins with a byte 0 and the schema's id,"
                            + " 5 bytes in all");
                }
                yield bigEndian(bytes).getInt(from + 1);
            }
        };
    }

    /**
     * The schema with this id. The encoding is the payload's own, which may be that of an earlier definition.
     *
     * @throws MalformedPayloadException          if nobody knows it
     * @throws SchemaRegistryUnavailableException if the registry cannot be asked now
     */
    Schema schema(PayloadEncoding payload, long id) {
        if (payload == PayloadEncoding.CONFLUENT_AVRO) {
            return registry.orElseThrow(() -> unknownSchema("the payload names schema " + id
                            + " of a registry, but the stream's format in the definition is not confluent-avro"))
                    .schema((int) id);
        }
        Schema schema = byFingerprint.get(id);
        if (schema == null) {
            throw unknownSchema("no schema of the stream's format has the fingerprint " + String.format("%016x", id)
                    + "; add the file of the schema that the event was written with");
        }
        return schema;
    }

    private static ByteBuffer bigEndian(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    }

    private static Schema read(Path file) {
        try {
            return parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the schema file " + file + ": " + e, e);
        } catch (AvroRuntimeException e) {
            throw new IllegalArgumentException("no Avro schema in the file " + file + ": " + e.getMessage(), e);
        }
    }

    /** Others' schemas are taken as they are: what wrote the data accepted them. */
    static Schema.Parser parser() {
        return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
    }
}
