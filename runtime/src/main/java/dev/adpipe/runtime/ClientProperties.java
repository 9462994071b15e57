package dev.adpipe.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The properties of a container's Kafka clients: the user's, ours beside them, those that correctness rests on owned. */
final class ClientProperties {

    /** A definition that sets one of these would break a promise; refused. */
    private static final Set<String> OWNED = Set.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.PARTITIONER_CLASS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    /** How long a blocking call of the producer waits before it gives the container a look at its stop flag. */
    static final int BLOCK_MS = 10_000;

    /** The shortest session that brokers allow by default: this long a dead container goes unnoticed. */
    private static final int DYNAMIC_SESSION_MS = 6_000;

    /** The others learn of a change in the group within this time. */
    private static final int HEARTBEAT_MS = 1_000;

    private static final String INPUT = "consumer";

    private final ContainerSettings settings;

    ClientProperties(ContainerSettings settings) {
        this.settings = settings;
        Set<String> refused = new TreeSet<>(settings.pipeline().kafka().keySet());
        refused.retainAll(OWNED);
        if (!refused.isEmpty()) {
            throw new ContainerExitException(
                    ExitReason.REFUSED,
                    "the Kafka client properties " + refused
                            + " are set by adpipe itself, because exactly-once rests on"
                            + " them; remove them from the definition");
        }
    }

    /** By which the group knows a container, static or not. */
    static String inputClientId(String container) {
        return clientId(container, INPUT);
    }

    private static String clientId(String container, String role) {
        return container + "-" + role;
    }

    /** Of a {@link CompactedTopic}: in no group, and of no container. */
    static Map<String, Object> follower(Map<String, String> kafka, String clientId) {
        Map<String, Object> properties = reading(base(kafka, clientId(clientId, "consumer")));
        properties.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BLOCK_MS);
        return properties;
    }

    /** Of a {@link CompactedTopic}. */
    static Map<String, Object> followerAdmin(Map<String, String> kafka, String clientId) {
        return asking(base(kafka, clientId(clientId, "admin")));
    }

    Map<String, Object> admin() {
        return asking(base("admin"));
    }

    private static Map<String, Object> asking(Map<String, Object> properties) {
        properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, BLOCK_MS);
        properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS / 2);
        return properties;
    }

    /**
     * The consumer of the input. Without standbys a static member of the stage's group, so that a restart moves no
     * partition; with standbys a dynamic one, whose absence is noticed within seconds.
     */
    Map<String, Object> input(Membership membership) {
        Map<String, Object> properties = consumer(INPUT);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        int session = Math.toIntExact(settings.pipeline().sessionTimeout().toMillis());
        if (settings.dynamicMember()) {
            session = Math.min(session, DYNAMIC_SESSION_MS);
            properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(HEARTBEAT_MS, session / 3));
            // The second one only while a group changes between static and dynamic members, one container after the
            // other.
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    List.of(WarmAssignor.class.getName(), CooperativeStickyAssignor.class.getName()));
            properties.put(Membership.CONFIG, membership);
        } else {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.id());
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Math.min(3_000, session / 3));
        }
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1_000);
        return properties;
    }

    /** Of the changelog, in no group. So many records that there are some of several partitions, applied side by side. */
    Map<String, Object> restore() {
        return changelog("restore", 20_000);
    }

    /** Of the changelog, in no group. Fewer records, as there are tasks at work beside it all the time. */
    Map<String, Object> standby() {
        return changelog("standby", 5_000);
    }

    private Map<String, Object> changelog(String role, int maxPollRecords) {
        Map<String, Object> properties = consumer(role);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        return properties;
    }

    /** A consumer that knows the group and is not in it. */
    Map<String, Object> bystander() {
        Map<String, Object> properties = consumer("bystander");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        return properties;
    }

    Map<String, Object> producer() {
        Map<String, Object> properties = base("producer");
        int timeout = Math.toIntExact(settings.pipeline().transactionTimeout().toMillis());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.id());
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeout);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 5);
        // Topics have limits of their own, known to the tasks; the client's must not be the smaller one.
        properties.putIfAbsent(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 * 1024 * 1024);
        properties.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 96L * 1024 * 1024);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MS);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3 * BLOCK_MS);
        return properties;
    }

    private Map<String, Object> consumer(String role) {
        return reading(base(role));
    }

    private static Map<String, Object> reading(Map<String, Object> properties) {
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A consumer that closes waits for the answer to its last fetch, and so does a container that stops.
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    private Map<String, Object> base(String role) {
        return base(settings.pipeline().kafka(), clientId(settings.id(), role));
    }

    private static Map<String, Object> base(Map<String, String> kafka, String clientId) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        // A topic that grows is seen within this time.
        properties.putIfAbsent(AdminClientConfig.METADATA_MAX_AGE_CONFIG, 30_000);
        // Quick to see a broker that came back, without hammering it.
        properties.putIfAbsent(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return properties;
    }
}
