package dev.adpipe.local.demo;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The demo's own Kafka clients.
 *
 * @param properties of the pipeline's definition, {@code bootstrap.servers} among them
 */
record Clients(Map<String, String> properties) {

    Admin admin() {
        return Admin.create(new HashMap<String, Object>(properties));
    }

    /** Writes each record once, in order, as far as one producer can. */
    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("acks", "all");
        all.put("enable.idempotence", true);
        all.put("linger.ms", 5);
        all.put("compression.type", "lz4");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Reads what is committed, in no group. */
    KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "earliest");
        all.put("max.poll.records", 5_000);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
