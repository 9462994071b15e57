package dev.adpipe.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.runtime.state.ChangelogDescription;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.MalformedEnvelopeException;
import dev.adpipe.schemas.ProgressTick;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Records of a pipeline's topics as JSON for a person: envelopes opened, payloads decoded. Used by one thread. */
final class RecordJson {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final PipelineDefinition definition;
    private final Topics topics;
    private final PayloadTexts payloads;
    private final RowTexts rows;

    RecordJson(PipelineDefinition definition) {
        this.definition = definition;
        this.topics = definition.topics();
        this.payloads = new PayloadTexts(definition);
        this.rows = new RowTexts(definition);
    }

    /** One line. */
    String line(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode node = JSON.createObjectNode();
        node.put("partition", record.partition());
        node.put("offset", record.offset());
        node.put("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
        boolean changelog = record.topic().equals(topics.joinChangelog());
        if (record.key() != null && !changelog) {
            node.set("key", bytes(record.key()));
        }
        if (record.headers().iterator().hasNext()) {
            ObjectNode headers = node.putObject("headers");
            for (Header header : record.headers()) {
                headers.set(header.key(), bytes(header.value()));
            }
        }
        if (changelog) {
            node.put("change", ChangelogDescription.describe(record.key(), record.value()));
        } else {
            node.set("value", value(sourceTopic(record), record.value()));
        }
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON can be written", e);
        }
    }

    /** A dead letter is shown as what it was where it came from. */
    private String sourceTopic(ConsumerRecord<byte[], byte[]> record) {
        Header source = record.headers().lastHeader("adpipe.topic");
        return record.topic().equals(topics.deadLetter()) && source != null
                ? new String(source.value(), StandardCharsets.UTF_8)
                : record.topic();
    }

    private JsonNode value(String topic, byte[] value) {
        if (value == null) {
            return JSON.nullNode();
        }
        try {
            if (topic.equals(topics.shuffled()) || topic.equals(topics.unmatched())) {
                return EnvelopeCodec.isTick(value)
                        ? tick(EnvelopeCodec.decodeTick(value))
                        : event(EnvelopeCodec.decodeShuffled(value));
            }
            if (topic.equals(topics.joined())) {
                return joined(EnvelopeCodec.decodeJoined(value));
            }
            if (topic.equals(topics.rows())) {
                return rows.json(value);
            }
        } catch (MalformedEnvelopeException | IOException e) {
            return bytes(value);
        }
        return definition.rawTopics().contains(topic)
                ? payloads.raw(topic, value).map(RecordJson::parsed).orElseGet(() -> bytes(value))
                : bytes(value);
    }

    private ObjectNode event(ShuffledEvent event) {
        ObjectNode node = JSON.createObjectNode();
        node.put("stream", event.stream());
        node.put("event-id", event.eventId());
        node.put("event-time", Instant.ofEpochMilli(event.eventTime()).toString());
        ByteBuffer payload = event.payload();
        node.set(
                "payload",
                payloads.of(event.stream(), event.encoding(), event.schemaId(), payload)
                        .map(RecordJson::parsed)
                        .orElseGet(() -> bytes(array(payload))));
        return node;
    }

    private JsonNode joined(JoinedEvent event) {
        ObjectNode node = JSON.createObjectNode();
        node.put("join-key", event.joinKey());
        var events = node.putArray("events");
        for (JoinedEvent.Part part : event.events()) {
            ObjectNode shown = event(new ShuffledEvent(
                    part.stream(), part.id(), part.time(), part.encoding(), part.schemaId(), part.payload()));
            shown.put("parent", part.parent());
            shown.put("ordinal", part.ordinal());
            events.add(shown);
        }
        return node;
    }

    private static JsonNode tick(ProgressTick tick) {
        ObjectNode node = JSON.createObjectNode();
        node.put("tick-of", tick.container());
        node.put("clock", Instant.ofEpochMilli(tick.clock()).toString());
        var partitions = node.putArray("partitions");
        for (ProgressTick.RawPartition p : tick.partitions()) {
            ObjectNode raw = partitions.addObject();
            raw.put("topic", p.topic());
            raw.put("partition", p.partition());
            raw.put("of", p.partitionCount());
            p.highestEventTime()
                    .ifPresent(time -> raw.put(
                            "highest-event-time", Instant.ofEpochMilli(time).toString()));
            raw.put("millis-since-last-record", p.millisSinceLastRecord());
            raw.put("idle", p.idle());
        }
        return node;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(json);
        }
    }

    /** As text if it is text, else {@code {"base64": ..}}. */
    private static JsonNode bytes(byte[] bytes) {
        if (bytes == null) {
            return JSON.nullNode();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return JSON.getNodeFactory().textNode(text);
        } catch (CharacterCodingException e) {
            return JSON.createObjectNode().put("base64", Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
