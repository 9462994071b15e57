package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka clients of one session, and what is built right on them. Opening them checks the topics and takes over the
 * transactional id.
 */
final class SessionClients implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SessionClients.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Deque<Runnable> closings = new ArrayDeque<>();
    private final BrokerOutage outage;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Transaction transaction;
    private final TransactionCollector collector;
    private final FirstOffsets firstOffsets;
    private final GoneOwners goneOwners;
    private final Membership membership;
    private final Optional<Changelog> changelog;
    private final Optional<Standbys> standbys;

    /**
     * @param maker      of the consumer and the producer that exactly-once rests on
     * @param memory     for local state; used only if the container has a changelog
     * @param lastEnding of the container
     */
    SessionClients(
            ContainerSettings settings,
            ClientMaker maker,
            RocksMemory memory,
            BrokerOutage outage,
            Clock clock,
            ContainerMetrics metrics,
            LastEnding lastEnding) {
        this.outage = outage;
        ClientProperties properties = new ClientProperties(settings);
        admin = Admin.create(properties.admin());
        closings.push(() -> admin.close(CLOSE_TIMEOUT));
        ClientMeters meters = new ClientMeters(metrics.meters());
        closings.push(meters::close);
        try {
            TopicChecks.Topics topics = new TopicChecks(settings, admin, outage).check();
            Optional<LocalStores> stores =
                    Optional.ofNullable(topics.changelog()).map(topic -> stores(settings, topic, memory));
            Producer<byte[], byte[]> producer = maker.producer(properties.producer());
            LeftOpen leftOpen =
                    new LeftOpen(settings, written(settings, topics), admin, outage, () -> bystander(properties));
            Ending last = lastEnding.look(leftOpen);
            transaction = new Transaction(producer, outage, settings.pipeline().transactionTimeout(), leftOpen);
            closings.push(transaction::close);
            meters.of(producer);
            boolean wasLeftOpen = leftOpen.end(transaction, last);
            lastEnding.settled();
            collector = new TransactionCollector(
                    transaction,
                    new DeadLetters(
                            settings.deadLetterTopic(),
                            settings.stage(),
                            topics.deadLetterPartitions(),
                            settings.pipeline().maxRecordBytes()));
            membership = new Membership(
                    settings.id(),
                    topics.changelog() == null ? 0 : settings.pipeline().standbys());
            consumer = maker.consumer(properties.input(membership));
            // A static member stays in its group: its partitions wait for it to come back. A dynamic one leaves.
            closings.push(() -> consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT)));
            meters.of(consumer);
            firstOffsets = new FirstOffsets(settings, admin, outage, clock);
            goneOwners = new GoneOwners(settings.group(), membership, admin, outage, clock);
            if (stores.isEmpty()) {
                changelog = Optional.empty();
                standbys = Optional.empty();
                return;
            }
            if (wasLeftOpen && last == Ending.ABORT) {
                stores.get()
                        .dropAll("Kafka had left a transaction open, and it may have been one that is in this store");
            }
            Changelog opened = new Changelog(
                    topics.changelog(),
                    stores.get(),
                    new KafkaConsumer<>(properties.restore()),
                    admin,
                    outage,
                    metrics);
            closings.push(opened::close);
            changelog = Optional.of(opened);
            standbys = settings.dynamicMember()
                    ? Optional.of(standbys(topics.changelog().name(), stores.get(), properties, clock))
                    : Optional.empty();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** RocksDB reads its logs while the container joins its group. */
    private LocalStores stores(ContainerSettings settings, ChangelogTopic topic, RocksMemory memory) {
        Path dir = settings.pipeline()
                .stateDir()
                .resolve(settings.pipeline().prefix())
                .resolve(settings.stage() + "-" + settings.instance() + "-" + settings.number());
        LocalStores stores = new LocalStores(dir, topic, memory);
        closings.push(stores::close);
        stores.beginToOpen();
        return stores;
    }

    private Standbys standbys(String topic, LocalStores stores, ClientProperties properties, Clock clock) {
        stores.openAll();
        Standbys opened = new Standbys(topic, stores, new KafkaConsumer<>(properties.standby()), membership, clock);
        closings.push(opened::close);
        return opened;
    }

    /** Of the group, but not in it. */
    private static ConsumerGroupMetadata bystander(ClientProperties properties) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties.bystander())) {
            return consumer.groupMetadata();
        }
    }

    /** Whatever it writes to, with the number of partitions. */
    private static Map<String, Integer> written(ContainerSettings settings, TopicChecks.Topics topics) {
        Map<String, Integer> written = new HashMap<>(settings.outputs());
        written.put(settings.deadLetterTopic(), topics.deadLetterPartitions());
        if (topics.changelog() != null) {
            written.put(topics.changelog().name(), topics.changelog().partitions());
        }
        return written;
    }

    BrokerOutage outage() {
        return outage;
    }

    Admin admin() {
        return admin;
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    Transaction transaction() {
        return transaction;
    }

    TransactionCollector collector() {
        return collector;
    }

    FirstOffsets firstOffsets() {
        return firstOffsets;
    }

    GoneOwners goneOwners() {
        return goneOwners;
    }

    Membership membership() {
        return membership;
    }

    Optional<Changelog> changelog() {
        return changelog;
    }

    /** If the container keeps warm copies. */
    Optional<Standbys> standbys() {
        return standbys;
    }

    /** What has been opened, the last first; one that does not close keeps none of the others open. */
    @Override
    public void close() {
        while (!closings.isEmpty()) {
            try {
                closings.pop().run();
            } catch (RuntimeException e) {
                log.warn("A Kafka client did not close cleanly: {}", e.toString());
            }
        }
    }
}
