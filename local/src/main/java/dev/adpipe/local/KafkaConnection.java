package dev.adpipe.local;

import dev.adpipe.runtime.AccessRefusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka that was there when the connection was opened, and the clients that commands need. Used by one thread. */
final class KafkaConnection implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Map<String, Object> properties;
    private final Admin admin;

    private KafkaConnection(Map<String, Object> properties, Admin admin) {
        this.properties = properties;
        this.admin = admin;
    }

    /**
     * @param properties client properties, {@code bootstrap.servers} among them
     * @throws CommandException if nobody answers there
     */
    static KafkaConnection open(Map<String, String> properties) {
        Map<String, Object> merged = new HashMap<>();
        // A person waits at the terminal: the clients' own minute is too long.
        merged.put("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
        merged.put("request.timeout.ms", Long.toString(PATIENCE.toMillis() - 1000));
        merged.putAll(properties);
        String servers = properties.getOrDefault("bootstrap.servers", "");
        Admin admin = null;
        Duration patience = PATIENCE;
        try {
            admin = Admin.create(merged);
            patience = Duration.ofMillis(
                    Long.parseLong(merged.get("default.api.timeout.ms").toString()));
            Answer.of(
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs(Math.toIntExact(patience.toMillis())))
                            .nodes());
            return new KafkaConnection(merged, admin);
        } catch (KafkaException e) {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
            Optional<String> noAccess = AccessRefusal.of(e, properties);
            if (noAccess.isPresent()) {
                throw CommandException.failed(noAccess.get(), e);
            }
            Throwable reason = e instanceof TimeoutException ? e : innermost(e);
            throw CommandException.failed(
                    "no Kafka answers at bootstrap.servers = " + servers
                            + (reason instanceof TimeoutException
                                    ? ", waited " + Shown.duration(patience)
                                    : ": " + reason.getMessage())
                            + ". Is it running, and reachable from here? Does it speak "
                            + properties.getOrDefault("security.protocol", "PLAINTEXT")
                            + " there (security.protocol)? 'adpipe kafka --port 9092' starts one.",
                    e);
        }
    }

    private static Throwable innermost(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    Admin admin() {
        return admin;
    }

    /** Reads what is committed, and commits nothing; no group. */
    KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("isolation.level", "read_committed");
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        all.putAll(more);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Idempotent, acks from all replicas. */
    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(properties);
        all.remove("default.api.timeout.ms");
        all.put("acks", "all");
        all.put("enable.idempotence", "true");
        all.putAll(more);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        admin.close();
    }
}
