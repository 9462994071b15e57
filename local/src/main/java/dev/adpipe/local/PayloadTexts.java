package dev.adpipe.local;

import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import dev.adpipe.schemas.payload.MalformedPayloadException;
import dev.adpipe.schemas.payload.PayloadDecoder;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Payloads as JSON, as far as they can be read; empty where they cannot. Used by one thread. */
final class PayloadTexts {
    private final Map<String, PayloadDecoder> byStream = new HashMap<>();
    private final Map<String, PayloadDecoder> byRawTopic = new HashMap<>();

    PayloadTexts(PipelineDefinition definition) {
        for (StreamDefinition stream : definition.streams()) {
            PayloadDecoder decoder = PayloadDecoder.of(stream);
            byStream.put(stream.name(), decoder);
            stream.topics().forEach(topic -> byRawTopic.putIfAbsent(topic, decoder));
        }
    }

    Optional<String> of(String stream, PayloadEncoding encoding, long schemaId, ByteBuffer payload) {
        PayloadDecoder decoder = byStream.get(stream);
        if (decoder == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(decoder.decode(encoding, schemaId, payload).toJson());
        } catch (MalformedPayloadException e) {
            return Optional.empty();
        }
    }

    Optional<String> raw(String topic, byte[] value) {
        try {
            return Optional.of(
                    byRawTopic.get(topic).decodeRaw(ByteBuffer.wrap(value)).toJson());
        } catch (MalformedPayloadException e) {
            return Optional.empty();
        }
    }
}
