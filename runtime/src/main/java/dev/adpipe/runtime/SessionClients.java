package dev.adpipe.runtime;

import dev.adpipe.runtime.state.RocksMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The Kafka clients of one session, and what is built right on them. Opening them checks the topics and takes over the
 * transactional id.
 */
final class SessionClients implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final BrokerOutage outage;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;
    private final Transaction transaction;
    private final TransactionCollector collector;
    private final FirstOffsets firstOffsets;
    private final Optional<Changelog> changelog;

    /**
     * @param memory for local state; used only if the container has a changelog
     */
    SessionClients(ContainerSettings settings, RocksMemory memory, BrokerOutage outage) {
        this.outage = outage;
        ClientProperties properties = new ClientProperties(settings);
        admin = Admin.create(properties.admin());
        try {
            TopicChecks.Topics topics = new TopicChecks(settings, admin, outage).check();
            transaction = new Transaction(new KafkaProducer<>(properties.producer()), outage);
            collector = new TransactionCollector(
                    transaction,
                    new DeadLetters(
                            settings.deadLetterTopic(),
                            settings.stage(),
                            topics.deadLetterPartitions(),
                            settings.pipeline().maxRecordBytes()));
            consumer = new KafkaConsumer<>(properties.input());
            firstOffsets = new FirstOffsets(settings, admin, outage);
            Path dir = settings.pipeline()
                    .stateDir()
                    .resolve(settings.pipeline().prefix())
                    .resolve(settings.stage() + "-" + settings.instance() + "-" + settings.number());
            changelog = Optional.ofNullable(topics.changelog())
                    .map(topic -> new Changelog(
                            topic, dir, memory, new KafkaConsumer<>(properties.restore()), admin, outage));
        } catch (RuntimeException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
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

    Optional<Changelog> changelog() {
        return changelog;
    }

    /** A static member stays in its group: its partitions wait for it to come back. */
    @Override
    public void close() {
        transaction.close();
        changelog.ifPresent(Changelog::close);
        consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        admin.close(CLOSE_TIMEOUT);
    }
}
