package dev.adpipe.schemas.payload;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits raw records of one format: one payload for each element of an array, in the array's order. Each is the record as
 * it was, byte by byte, but for the array, which is still one and has that one element; so whoever could read the record can
 * read the payload. In paths, the array stands for its one element: {@code imp.id} is the element's id, {@code id} the
 * record's.
 *
 * <p>For one thread at a time.
 */
public final class ElementReader {
    private final WriterSchemas schemas;
    private final ElementPath path;
    private final PayloadReader fields;

    private ElementReader(WriterSchemas schemas, FieldPath forEach, List<FieldPath> paths) {
        this.schemas = schemas;
        this.path = ElementPath.of(forEach);
        this.fields = new PayloadReader(schemas, PathTree.of(paths, path), paths.size());
    }

    /**
     * Reads the schema files, if the format has any; asks no registry yet.
     *
     * @param forEach names of fields that lead to the array; arrays on the way are gone through as well
     * @throws IllegalArgumentException if a schema file cannot be read, or the array's path has an index
     */
    public static ElementReader of(PayloadFormat format, FieldPath forEach, List<FieldPath> paths) {
        return new ElementReader(WriterSchemas.of(format), forEach, paths);
    }

    /**
     * None if the array is empty.
     *
     * @param mostBytes all payloads together may have so many; a record could become the square of its size otherwise
     * @throws MalformedPayloadException          if the record cannot be read, its schema is unknown, it has no such array,
     *                                            or it would become too much
     * @throws SchemaRegistryUnavailableException if its schema could not be asked for now
     */
    public List<PayloadElement> read(byte[] raw, long mostBytes) {
        PayloadEncoding encoding = schemas.encoding();
        boolean json = encoding == PayloadEncoding.JSON;
        Elements elements = json ? JsonPayloads.elements(ByteBuffer.wrap(raw), path) : avro(encoding, raw);
        List<PayloadElement> payloads = new ArrayList<>(elements.size());
        long bytes = 0;
        for (int i = 0; i < elements.size(); i++) {
            byte[] payload = json
                    ? elements.cut(raw, i, (byte) '[', (byte) ']')
                    : elements.cut(raw, i, AvroBytes.ONE_ITEM, AvroBytes.NO_MORE_ITEMS);
            bytes += payload.length;
            if (bytes > mostBytes) {
                throw new MalformedPayloadException(
                        MalformedPayloadException.TOO_MANY_ELEMENTS,
                        "the events of its " + elements.size() + " elements of " + String.join(".", path.names())
                                + " would have more than " + mostBytes + " bytes together");
            }
            payloads.add(new PayloadElement(ByteBuffer.wrap(payload), fields.read(payload)));
        }
        return payloads;
    }

    /**
     * What the whole record has at the paths that do not lead into an element, for a record without elements; nothing at
     * those that do. Of several values at a path through an array on the way, the last.
     *
     * @throws MalformedPayloadException          if the record cannot be read, or its schema is unknown
     * @throws SchemaRegistryUnavailableException if its schema could not be asked for now
     */
    public PayloadFields fields(byte[] raw) {
        return fields.read(raw);
    }

    private Elements avro(PayloadEncoding encoding, byte[] raw) {
        ByteBuffer bytes = ByteBuffer.wrap(raw);
        AvroBytes in = new AvroBytes(bytes, WriterSchemas.headerLength(encoding));
        return AvroElements.find(schemas.schema(encoding, schemas.idIn(bytes)), in, path);
    }
}
