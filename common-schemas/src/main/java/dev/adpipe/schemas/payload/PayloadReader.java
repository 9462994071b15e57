package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Finds a few fields in raw records of one format, in one pass that builds nothing else, yet reads to the end: a payload
 * that is broken after the last wanted field is broken too.
 *
 * <p>For one thread at a time.
 */
public final class PayloadReader {
    private final WriterSchemas schemas;
    private final PathTree tree;
    private final int width;

    /**
     * @param width number of paths in the tree
     */
    PayloadReader(WriterSchemas schemas, PathTree tree, int width) {
        this.schemas = schemas;
        this.tree = tree;
        this.width = width;
    }

    /**
     * Reads the schema files, if the format has any; asks no registry yet.
     *
     * @throws IllegalArgumentException if a schema file cannot be read
     */
    public static PayloadReader of(PayloadFormat format, List<FieldPath> paths) {
        return new PayloadReader(WriterSchemas.of(format), PathTree.of(paths), paths.size());
    }

    /**
     * @throws MalformedPayloadException          if the record cannot be read, or its schema is unknown
     * @throws SchemaRegistryUnavailableException if its schema could not be asked for now
     */
    public PayloadFields read(byte[] raw) {
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        PayloadEncoding encoding = schemas.encoding();
        long schemaId = schemas.idIn(bytes);
        Object[] values = new Object[width];
        Arrays.fill(values, NoScalar.MISSING);
        if (encoding == PayloadEncoding.JSON) {
            JsonPayloads.find(bytes, tree, values);
        } else {
            AvroBytes in = new AvroBytes(bytes, WriterSchemas.headerLength(encoding));
            AvroPayloads.find(schemas.schema(encoding, schemaId), in, tree, values, 0);
            in.expectEnd();
        }
        return new PayloadFields(encoding, schemaId, values);
    }
}
