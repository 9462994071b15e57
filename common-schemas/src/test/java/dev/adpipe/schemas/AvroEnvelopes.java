package dev.adpipe.schemas;

import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.ProgressTick.RawPartition;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;

/** The envelopes as Avro's generic records. */
final class AvroEnvelopes {
    private AvroEnvelopes() {}

    static GenericRecord record(ShuffledEvent event) {
        Schema schema = EnvelopeCodec.SHUFFLED_EVENT;
        return new GenericRecordBuilder(schema)
                .set("stream", new Utf8(event.stream()))
                .set("eventId", new Utf8(event.eventId()))
                .set("eventTime", event.eventTime())
                .set("format", symbol(schema, event.encoding()))
                .set("schemaId", event.schemaId())
                .set("payload", event.payload())
                .build();
    }

    static GenericRecord record(ProgressTick tick) {
        Schema schema = EnvelopeCodec.PROGRESS_TICK;
        Schema element = schema.getField("partitions").schema().getElementType();
        List<GenericRecord> partitions = new ArrayList<>();
        for (RawPartition p : tick.partitions()) {
            Long highest =
                    p.highestEventTime().isPresent() ? p.highestEventTime().getAsLong() : null;
            GenericRecord record = new GenericData.Record(element);
            record.put("topic", new Utf8(p.topic()));
            record.put("partition", p.partition());
            record.put("partitionCount", p.partitionCount());
            record.put("highestEventTime", highest);
            record.put("millisSinceLastRecord", p.millisSinceLastRecord());
            record.put("idle", p.idle());
            partitions.add(record);
        }
        return new GenericRecordBuilder(schema)
                .set("container", new Utf8(tick.container()))
                .set("clock", tick.clock())
                .set("partitions", partitions)
                .build();
    }

    static GenericRecord record(JoinedEvent event) {
        Schema schema = EnvelopeCodec.JOINED_EVENT;
        Schema element = schema.getField("events").schema().getElementType();
        List<GenericRecord> parts = new ArrayList<>();
        for (Part part : event.events()) {
            parts.add(new GenericRecordBuilder(element)
                    .set("stream", new Utf8(part.stream()))
                    .set("id", new Utf8(part.id()))
                    .set("time", part.time())
                    .set("format", symbol(element, part.encoding()))
                    .set("schemaId", part.schemaId())
                    .set("payload", part.payload())
                    .set("parent", part.parent())
                    .set("ordinal", part.ordinal())
                    .build());
        }
        return new GenericRecordBuilder(schema)
                .set("joinKey", new Utf8(event.joinKey()))
                .set("events", parts)
                .build();
    }

    private static Object symbol(Schema schema, PayloadEncoding encoding) {
        return new GenericData.EnumSymbol(schema.getField("format").schema(), encoding.name());
    }
}
