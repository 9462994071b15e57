package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions that end while a partition has no leader, so that Kafka leaves their records there open: each ends as it was
 * decided, whatever comes next. The partition is on a broker of its own, which goes and comes back.
 */
@Tag("full")
class LeftOpenIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final TopicPartition IN = new TopicPartition("acme.p.shuffled", 0);
    private static final TopicPartition OUT = new TopicPartition("acme.p.joined", 0);
    private static final String DEAD = "acme.p.dead-letter";
    private static final String OFFSETS = "__consumer_offsets";
    private static final int FIRST = 1;

    @TempDir
    private Path firstDir;

    @TempDir
    private Path secondDir;

    @TempDir
    private Path stateDir;

    private final List<AutoCloseable> closings = new ArrayList<>();
    private final Faulty clients = new Faulty();
    private EmbeddedKafka kafka;
    private Admin admin;
    private SecondBroker second;
    private KafkaProducer<String, String> producer;
    private ContainerProcess process;

    @AfterEach
    void close() throws Exception {
        for (int i = closings.size() - 1; i >= 0; i--) {
            closings.get(i).close();
        }
    }

    /** The offsets are committed: if the rows were aborted, they would be lost. */
    @Test
    void whatWasCommittedStaysSoAfterARestart() throws Exception {
        start(SecondBroker.ID, FIRST);
        aContainerCommitsTenWithoutTheSecondAndDies();
        awaitOpen(OUT);

        container();
        produce(10, 20);
        awaitRows(20);
    }

    /** The same container goes on, and its next transaction is aborted. */
    @Test
    void whatWasCommittedStaysSoWhenTheNextIsAborted() throws Exception {
        start(SecondBroker.ID, FIRST);
        clients.atCommit.set(commit -> {
            second.stop();
            commit.run();
            awaitEnd(TransactionState.COMPLETE_COMMIT);
            second.start();
            awaitOpen(OUT);
            clients.atOffsets.set(() -> {
                throw new CommitFailedException("as if the partition had gone");
            });
            produce(10, 20);
        });
        container();
        produce(0, 10);
        awaitRows(20);
        assertThat(clients.aborted.get()).isEqualTo(1);
    }

    @Test
    void whatWasAbortedStaysSo() throws Exception {
        start(SecondBroker.ID, FIRST);
        clients.atOffsets.set(() -> {
            second.stop();
            throw new CommitFailedException("as if the partition had gone");
        });
        container();
        produce(0, 10);
        awaitEnd(TransactionState.COMPLETE_ABORT);
        second.start();
        produce(10, 20);
        awaitRows(20);
        assertThat(clients.aborted.get()).isPositive();
    }

    /** Nobody would ever read the group's offsets again, which are neither committed nor not. */
    @Test
    void offsetsThatWereCommittedStaySo() throws Exception {
        start(FIRST, SecondBroker.ID);
        aContainerCommitsTenWithoutTheSecondAndDies();

        container();
        produce(10, 20);
        awaitRows(20);
    }

    /** The second broker is back afterwards. */
    private void aContainerCommitsTenWithoutTheSecondAndDies() throws Exception {
        clients.atCommit.set(commit -> {
            second.stop();
            commit.run();
            throw new IllegalStateException("dies");
        });
        Container first = container();
        produce(0, 10);
        assertThat(exit(first).reason()).isEqualTo(ExitReason.FAILED);
        awaitEnd(TransactionState.COMPLETE_COMMIT);
        second.start();
    }

    /** With the rows on one of the brokers and the group's offsets on one of them. */
    private void start(int rows, int offsets) throws Exception {
        kafka = EmbeddedKafka.start(firstDir);
        closings.add(kafka);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        closings.add(admin);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(), new StringSerializer());
        closings.add(producer);
        // Kafka makes its topic of transactions now, on the only broker there is.
        try (KafkaProducer<String, String> early = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "early"),
                new StringSerializer(),
                new StringSerializer())) {
            early.initTransactions();
        }
        second = new SecondBroker(kafka, admin, secondDir);
        closings.add(second);
        await().atMost(SOON).until(() -> admin.describeCluster().nodes().get().size() == 2);
        admin.createTopics(List.of(new NewTopic(
                        OFFSETS,
                        IntStream.range(0, SecondBroker.OFFSET_PARTITIONS)
                                .boxed()
                                .collect(Collectors.toMap(p -> p, p -> List.of(offsets))))))
                .all()
                .get();
        admin.createTopics(List.of(on(IN.topic(), FIRST), on(OUT.topic(), rows), on(DEAD, FIRST)))
                .all()
                .get();
        await().atMost(SOON).ignoreExceptions().until(() -> {
            admin.alterConsumerGroupOffsets(settings().group(), Map.of(IN, new OffsetAndMetadata(0)))
                    .all()
                    .get();
            return true;
        });
    }

    private static NewTopic on(String topic, int broker) {
        return new NewTopic(topic, Map.of(0, List.of(broker)));
    }

    private ContainerSettings settings() {
        return new ContainerSettings(
                new PipelineSettings(
                        "acme",
                        "p",
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(30),
                        stateDir,
                        64 << 20,
                        1 << 20,
                        0,
                        0),
                "join",
                "a",
                0,
                List.of(IN.topic()),
                false,
                Map.of(OUT.topic(), 1),
                DEAD,
                Optional.empty());
    }

    private Container container() {
        process = new ContainerProcess(64 << 20, 0);
        closings.add(process);
        return process.start(
                resources -> new Container(settings(), new PassingOn(), System::currentTimeMillis, resources, clients));
    }

    private Container.Exit exit(Container container) throws Exception {
        return process.exit(container).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private void produce(int from, int to) {
        for (int i = from; i < to; i++) {
            producer.send(new ProducerRecord<>(IN.topic(), 0, "k", Integer.toString(i)));
        }
        producer.flush();
    }

    private void awaitEnd(TransactionState state) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(
                        () -> admin.describeTransactions(List.of(settings().id()))
                                .description(settings().id())
                                .get()
                                .state(),
                        state::equals);
    }

    /** What Kafka calls complete is not: this is what the test is about. */
    private void awaitOpen(TopicPartition partition) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(end(partition, IsolationLevel.READ_COMMITTED))
                        .isLessThan(end(partition, IsolationLevel.READ_UNCOMMITTED)));
    }

    private long end(TopicPartition partition, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /** Each number once, in order; and nothing more comes. */
    private void awaitRows(int count) {
        List<String> all = IntStream.range(0, count).mapToObj(Integer::toString).toList();
        await().atMost(SOON).untilAsserted(() -> assertThat(rows()).isEqualTo(all));
        await().during(Duration.ofSeconds(1))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(rows()).isEqualTo(all));
    }

    private List<String> rows() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(OUT));
            consumer.seekToBeginning(List.of(OUT));
            long end = consumer.endOffsets(List.of(OUT)).get(OUT);
            List<String> rows = new ArrayList<>();
            while (consumer.position(OUT) < end) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value() != null) {
                        rows.add(record.value());
                    }
                }
            }
            return rows;
        }
    }

    /** Sends on what comes. */
    private static final class PassingOn implements Job {
        @Override
        public Task open(TaskContext context) {
            return new Task() {
                @Override
                public void process(ConsumerRecord<byte[], byte[]> record, Collector out) {
                    context.books().countIn();
                    assertThat(record.value()).asString(StandardCharsets.UTF_8).isNotEmpty();
                    out.send(OUT.topic(), 0, record.key(), record.value());
                    context.books().countEmitted();
                }

                @Override
                public Books books() {
                    return context.books();
                }
            };
        }
    }

    /** Kafka's clients, with something that happens once at a commit or when the offsets are sent. */
    private static final class Faulty implements ClientMaker {
        final AtomicReference<AtCommit> atCommit = new AtomicReference<>();
        final AtomicReference<Runnable> atOffsets = new AtomicReference<>();
        final AtomicInteger aborted = new AtomicInteger();

        interface AtCommit {
            void commit(Runnable commit);
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
            return KAFKA.consumer(properties);
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> properties) {
            return new KafkaProducer<>(properties) {
                @Override
                public void sendOffsetsToTransaction(
                        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
                    Runnable once = atOffsets.getAndSet(null);
                    if (once != null) {
                        once.run();
                    }
                    super.sendOffsetsToTransaction(offsets, group);
                }

                @Override
                public void commitTransaction() {
                    AtCommit once = atCommit.getAndSet(null);
                    if (once == null) {
                        super.commitTransaction();
                    } else {
                        once.commit(super::commitTransaction);
                    }
                }

                @Override
                public void abortTransaction() {
                    aborted.incrementAndGet();
                    super.abortTransaction();
                }
            };
        }
    }
}
