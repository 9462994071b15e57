package dev.adpipe.output;

import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.Payload;
import dev.adpipe.schemas.payload.PayloadDecoder;
import dev.adpipe.schemas.payload.SchemaRegistryUnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decodes the payloads of all streams of a pipeline. Used by the container's thread. */
final class StreamPayloads {
    private final Map<String, PayloadDecoder> decoders = new HashMap<>();

    /**
     * @throws IllegalArgumentException if a schema file cannot be read
     */
    StreamPayloads(List<StreamDefinition> streams) {
        streams.forEach(stream -> decoders.put(stream.name(), PayloadDecoder.of(stream)));
    }

    /**
     * @throws RejectedRowException if the bytes are not what they should be
     * @throws NotReadyException    if a schema cannot be had at the moment
     */
    Payload decode(Part part) {
        PayloadDecoder decoder = decoders.get(part.stream());
        if (decoder == null) {
            throw new RejectedRowException(
                    RejectedRowException.UNKNOWN_SCHEMA,
                    "the definition has no stream " + part.stream() + " (any more) that says how to read event "
                            + part.id());
        }
        try {
            return decoder.decode(part.encoding(), part.schemaId(), part.payload());
        } catch (MalformedPayloadException e) {
            throw new RejectedRowException(
                    e.reason(), "payload of stream " + part.stream() + ", event " + part.id() + ": " + e.getMessage());
        } catch (SchemaRegistryUnavailableException e) {
            throw new NotReadyException(e.getMessage(), e);
        }
    }
}
