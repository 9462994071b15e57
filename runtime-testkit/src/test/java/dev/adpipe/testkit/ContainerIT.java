package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.ExitReason;
import dev.adpipe.runtime.PipelineSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container against a real Kafka: what it promises when it is stopped, killed, moved, fenced, refused. */
class ContainerIT {
    private static final int PARTITIONS = 3;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path kafkaDir;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static int pipelines;

    @TempDir
    Path stateDir;

    private final List<ContainerProcess> processes = new ArrayList<>();
    private String pipeline;
    private KeyCountJob job;
    private KafkaProducer<String, String> producer;
    private boolean inputMayGrow;
    private final AtomicLong clockAhead = new AtomicLong();
    private final Clock clock = () -> System.currentTimeMillis() + clockAhead.get();
    private Duration transactionTimeout = Duration.ofSeconds(10);
    private Map<String, String> clientProperties = Map.of();

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(kafkaDir);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void pipeline() {
        pipeline = "p" + ++pipelines;
        job = new KeyCountJob(topic("joined"));
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    @AfterEach
    void stopAll() {
        processes.forEach(ContainerProcess::close);
        producer.close();
    }

    @Test
    void countsGoOnAfterACleanRestart() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(30);
            awaitCounts(30);
        }
        start("a", 0);
        produce(30);
        awaitCounts(60);
    }

    @Test
    void countsGoOnWhenTheLocalStateIsGone() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(30);
            awaitCounts(30);
        }
        deleteState();
        start("a", 0);
        produce(30);
        awaitCounts(60);
    }

    @Test
    void aSecondContainerTakesItsShareAndGivesItBack() throws Exception {
        provision();
        start("a", 0);
        produce(30);
        awaitCounts(30);
        ContainerProcess second = start("b", 0);
        await().atMost(SOON).untilAsserted(() -> assertThat(members()).isEqualTo(2));
        produce(30);
        awaitCounts(60);
        second.close();
        // The second is a static member: its partitions come back when its session has timed out.
        produce(30);
        awaitCounts(90);
    }

    @Test
    void aDeadLetterKeepsTheRecordAndSaysWhy() throws Exception {
        provision();
        start("a", 0);
        produce(6);
        ProducerRecord<String, String> poison = new ProducerRecord<>(topic("shuffled"), 1, "k", "poison");
        poison.headers().add("foreign", new byte[] {1, 2, 3});
        producer.send(poison).get();
        produce(6);
        awaitCounts(12);
        List<ConsumerRecord<String, String>> letters = read(topic("dead-letter"));
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo("k");
            assertThat(letter.value()).isEqualTo("poison");
            assertThat(letter.headers().lastHeader("foreign").value()).containsExactly(1, 2, 3);
            assertThat(header(letter, "adpipe.reason")).isEqualTo("poison");
            assertThat(header(letter, "adpipe.explanation")).isEqualTo("the value is poison");
            assertThat(header(letter, "adpipe.topic")).isEqualTo(topic("shuffled"));
            assertThat(header(letter, "adpipe.partition")).isEqualTo("1");
            assertThat(header(letter, "adpipe.stage")).isEqualTo("join");
        });
    }

    @Test
    void aPartitionThatIsNotReadyDoesNotHoldUpTheOthers() throws Exception {
        provision();
        job.away = true;
        start("a", 0);
        producer.send(new ProducerRecord<>(topic("shuffled"), 0, "w", "wait")).get();
        for (int i = 0; i < 9; i++) {
            producer.send(new ProducerRecord<>(topic("shuffled"), i % PARTITIONS, "k" + i % PARTITIONS, "x"));
        }
        producer.flush();
        await().atMost(SOON).untilAsserted(() -> assertThat(counts()).containsOnlyKeys("k1", "k2"));
        job.away = false;
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(counts()).containsEntry("w", List.of(1)).containsEntry("k0", List.of(1, 2, 3)));
    }

    @Test
    void anotherProcessUnderTheSameNameEndsTheFirst() throws Exception {
        provision();
        ContainerProcess first = new ContainerProcess(64 << 20, 0);
        processes.add(first);
        Container container = first.start(resources -> new Container(settings("a", 0), job, clock, resources));
        produce(9);
        awaitCounts(9);
        ContainerProcess second = new ContainerProcess(64 << 20, 0);
        processes.add(second);
        Path elsewhere = stateDir.resolve("elsewhere");
        second.start(resources -> new Container(settings("a", 0, elsewhere), job, clock, resources));
        assertThat(first.exit(container).get(60, TimeUnit.SECONDS).reason()).isEqualTo(ExitReason.NAME_TAKEN);
        produce(9);
        awaitCounts(18);
    }

    @Test
    void aMissingTopicIsRefused() throws Exception {
        provision();
        admin.deleteTopics(List.of(topic("joined"))).all().get();
        await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic("joined")));
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("topic " + topic("joined") + " does not exist", "adpipe provision");
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() throws Exception {
        provision();
        admin.createPartitions(Map.of(topic("joined"), NewPartitions.increaseTo(PARTITIONS + 1)))
                .all()
                .get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains(topic("joined") + " has 4 partitions, but must have 3");
    }

    @Test
    void aMissingFirstOffsetIsRefused() throws Exception {
        provision();
        admin.deleteConsumerGroups(List.of(group())).all().get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("no committed offset", "adpipe provision");
    }

    @Test
    void aChangelogMadeAnewUnderStandingOffsetsIsRefused() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        admin.deleteTopics(List.of(topic("changelog"))).all().get();
        await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic("changelog")));
        admin.createTopics(List.of(new NewTopic(topic("changelog"), PARTITIONS, (short) 1)))
                .all()
                .get();
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("deleted and made anew");
    }

    @Test
    void anOwnedClientPropertyIsRefused() throws Exception {
        provision();
        Container.Exit exit = exitOf(settings("a", 0, stateDir, Map.of("isolation.level", "read_uncommitted")));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("isolation.level");
    }

    @Test
    void aPropertyThatTheClientRefusesIsNamed() throws Exception {
        provision();
        Container.Exit exit = exitOf(settings("a", 0, stateDir, Map.of("linger.ms", "soon")));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("pipeline.kafka", "linger.ms", "soon");
    }

    @Test
    void anInputIsNotCaughtUpWhileAForeignTransactionIsOpen() throws Exception {
        provision();
        job.ticking = true;
        start("a", 0);
        await().atMost(SOON).until(() -> !job.ticks.isEmpty() && caughtUp(0));
        try (var foreign = foreignProducer()) {
            foreign.initTransactions();
            foreign.beginTransaction();
            foreign.send(new ProducerRecord<>(topic("shuffled"), 0, "k", "x")).get();
            await().atMost(SOON).until(() -> !caughtUp(0));
            foreign.commitTransaction();
            await().atMost(SOON).until(() -> caughtUp(0));
        }
    }

    @Test
    void whatAForeignProducerAbortedIsNotCounted() throws Exception {
        provision();
        start("a", 0);
        try (var foreign = foreignProducer()) {
            foreign.initTransactions();
            foreign.beginTransaction();
            for (int i = 0; i < PARTITIONS; i++) {
                foreign.send(new ProducerRecord<>(topic("shuffled"), i, "k" + i, "x"));
            }
            foreign.flush();
            foreign.abortTransaction();
        }
        produce(9);
        awaitCounts(9);
    }

    /** Nothing can be sent while the output is gone: abort, back to the committed offsets, once more, until it is there. */
    @Test
    void afterADeliveryTimeoutTheRecordsComeAgain() throws Exception {
        provision();
        clientProperties = Map.of("request.timeout.ms", "1000", "delivery.timeout.ms", "2000", "max.block.ms", "4000");
        start("a", 0);
        produce(9);
        awaitCounts(9);
        int opened = job.opened.size();
        admin.deleteTopics(List.of(topic("joined"))).all().get();
        await().atMost(SOON).until(() -> !admin.listTopics().names().get().contains(topic("joined")));
        produce(9);
        await().atMost(SOON).until(() -> job.opened.size() >= opened + PARTITIONS);
        admin.createTopics(List.of(new NewTopic(topic("joined"), PARTITIONS, (short) 1)))
                .all()
                .get();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsOnlyKeys("k0", "k1", "k2")
                        .allSatisfy((key, counts) -> assertThat(counts).containsExactly(4, 5, 6)));
    }

    @Test
    void aFencedProducerStartsAnew() throws Exception {
        provision();
        start("a", 0);
        produce(9);
        awaitCounts(9);
        int opened = job.opened.size();
        Hold hold = new Hold();
        produceHold();
        hold.awaitEntered();
        admin.fenceProducers(List.of(group() + "-a-0")).all().get();
        hold.release();
        await().atMost(SOON).until(() -> job.opened.size() >= opened + PARTITIONS);
        awaitCounts(12);
        produce(9);
        awaitCounts(21);
    }

    /**
     * A container stands still between processing and commit, another takes over its partitions and commits: of the first,
     * nothing may be seen, although its producer is not fenced and its transaction is open still.
     */
    @Test
    void aZombieCommitsNothing() throws Exception {
        provision();
        transactionTimeout = Duration.ofMinutes(2);
        start("a", 0);
        produce(9);
        awaitCounts(9);
        Hold hold = new Hold();
        produceHold();
        hold.awaitEntered();
        start("b", 0);
        await().atMost(SOON).until(() -> members() == 2);
        admin.removeMembersFromConsumerGroup(
                        group(),
                        new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(group() + "-a-0"))))
                .all()
                .get();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(metadata(0).books().in()).isEqualTo(4));
        hold.release();
        awaitCounts(12);
        produce(9);
        awaitCounts(21);
    }

    /** Held back by an open transaction, the restore finds that what it was about to read has been deleted. */
    @Test
    void aRestoreThatIsOvertakenStartsOver() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        job.opened.clear();
        TopicPartition changelog = new TopicPartition(topic("changelog"), 0);
        try (var foreign = foreignProducer()) {
            foreign.initTransactions();
            foreign.beginTransaction();
            long open = foreign.send(new ProducerRecord<>(changelog.topic(), changelog.partition(), "k", "v"))
                    .get()
                    .offset();
            start("a", 0);
            await().atMost(SOON).untilAsserted(() -> assertThat(job.opened).containsExactlyInAnyOrder(1, 2));
            admin.deleteRecords(Map.of(changelog, RecordsToDelete.beforeOffset(open + 1)))
                    .all()
                    .get();
            foreign.abortTransaction();
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(job.opened).contains(0));
        produce(9);
        // What was deleted here was live, unlike what a container deletes: the first count begins anew.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsEntry("k0", List.of(1, 2, 3, 1, 2, 3))
                        .containsEntry("k1", List.of(1, 2, 3, 4, 5, 6)));
    }

    /** Stops the container's thread at the next record {@code hold}, after it was processed and before its commit. */
    private final class Hold {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        Hold() {
            job.hold.set(() -> {
                entered.countDown();
                try {
                    assertThat(released.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        void awaitEntered() throws InterruptedException {
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        }

        void release() {
            released.countDown();
        }
    }

    /** One record for each key; at the first one the container holds. */
    private void produceHold() {
        for (int i = 0; i < PARTITIONS; i++) {
            producer.send(new ProducerRecord<>(topic("shuffled"), i, "k" + i, i == 0 ? "hold" : "x"));
        }
        producer.flush();
    }

    private KafkaProducer<String, String> foreignProducer() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("transactional.id", pipeline + "-foreign");
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** The broker is stopped and started again under a running container. */
    @Test
    void aBouncedBrokerIsWaitedFor(@TempDir Path ownDir) throws Exception {
        EmbeddedKafka own = EmbeddedKafka.start(ownDir);
        EmbeddedKafka shared = kafka;
        Admin sharedAdmin = admin;
        kafka = own;
        admin = Admin.create(Map.of("bootstrap.servers", own.bootstrapServers()));
        try {
            producer.close();
            pipeline();
            provision();
            job.ticking = true;
            clientProperties =
                    Map.of("default.api.timeout.ms", "2000", "request.timeout.ms", "1000", "max.block.ms", "2000");
            ContainerProcess process = new ContainerProcess(64 << 20, 0);
            processes.add(process);
            Container container = process.start(resources -> new Container(settings("a", 0), job, clock, resources));
            CompletableFuture<Container.Exit> exit = process.exit(container);
            produce(30);
            awaitCounts(30);
            own.close();
            // Longer than any of the client's calls waits.
            await().during(Duration.ofSeconds(8)).atMost(SOON).until(() -> !exit.isDone());
            own = EmbeddedKafka.start(ownDir, own.port());
            produce(30);
            awaitCounts(60);
        } finally {
            processes.forEach(ContainerProcess::close);
            processes.clear();
            admin.close();
            own.close();
            kafka = shared;
            admin = sharedAdmin;
        }
    }

    private boolean caughtUp(int partition) {
        return job.ticks.get(job.ticks.size() - 1).inputs().stream()
                .anyMatch(input -> input.partition().partition() == partition && input.caughtUp());
    }

    private String topic(String name) {
        return "acme." + pipeline + "." + name;
    }

    private String group() {
        return "acme." + pipeline + "-join";
    }

    private void provision() throws Exception {
        admin.createTopics(Stream.of("shuffled", "joined", "dead-letter", "changelog")
                        .map(name -> new NewTopic(topic(name), PARTITIONS, (short) 1))
                        .toList())
                .all()
                .get();
        Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
        IntStream.range(0, PARTITIONS)
                .forEach(p -> first.put(new TopicPartition(topic("shuffled"), p), new OffsetAndMetadata(0)));
        await().atMost(SOON).ignoreExceptions().until(() -> {
            admin.alterConsumerGroupOffsets(group(), first).all().get();
            return true;
        });
    }

    /** Only its offset fences a zombie, so whoever wrote a tick must have committed all offsets that the tick tells of. */
    @Test
    void aTickIsCommittedWithTheOffsetsOfAllInputs() throws Exception {
        provision();
        job.ticking = true;
        start("a", 0);
        await().atMost(SOON).untilAsserted(() -> {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(rawMetadata(partition)).startsWith("v=1");
            }
        });
    }

    @Test
    void theChangelogIsShortenedTenMinutesAfterItsKeysHaveDied() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
            for (int p = 0; p < PARTITIONS; p++) {
                producer.send(new ProducerRecord<>(topic("shuffled"), p, "k" + p, "die"));
            }
            producer.flush();
            await().atMost(SOON)
                    .until(() -> metadata(0).books().duplicate() == 1
                            && metadata(1).books().duplicate() == 1
                            && metadata(2).books().duplicate() == 1);
            AtomicLong minutes = new AtomicLong();
            await().atMost(SOON).until(() -> {
                boolean shortened = changelogStart(0) > 0 && changelogStart(1) > 0 && changelogStart(2) > 0;
                if (!shortened) {
                    clockAhead.addAndGet(Duration.ofMinutes(1).toMillis());
                    minutes.incrementAndGet();
                }
                return shortened;
            });
            assertThat(minutes.get()).isGreaterThanOrEqualTo(10);
        }
        deleteState();
        start("a", 0);
        produce(3);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts().values())
                        .allSatisfy(count -> assertThat(count).containsExactly(1, 2, 3, 1)));
    }

    private long changelogStart(int partition) throws Exception {
        TopicPartition changelog = new TopicPartition(topic("changelog"), partition);
        return admin.listOffsets(Map.of(changelog, OffsetSpec.earliest()))
                .partitionResult(changelog)
                .get()
                .offset();
    }

    /** Two containers meet the new partitions 1 and 2 of a raw topic, and the one with 2 has committed first. */
    @Test
    void aNewPartitionBeginsAtZeroAlsoIfAnotherNewOneHasBegunBefore() throws Exception {
        inputMayGrow = true;
        provision();
        String grown = " grown=0@" + System.currentTimeMillis();
        commitOnly(Map.of(0, "", 2, "v=1 books=" + new Books().encode() + grown));
        start("a", 0);
        produce(9);
        awaitCounts(9);
    }

    @Test
    void aLostOffsetIsNoGrowth() throws Exception {
        inputMayGrow = true;
        provision();
        commitOnly(Map.of(0, "", 2, "v=1 books=" + new Books().encode() + " grown=0@1700000000000"));
        Container.Exit exit = exitOf(settings("a", 0));
        assertThat(exit.reason()).isEqualTo(ExitReason.REFUSED);
        assertThat(exit.message()).contains("no committed offset for " + topic("shuffled") + "-1");
    }

    /** Offset 0 with this metadata for these partitions, none for the others. */
    private void commitOnly(Map<Integer, String> metadata) throws Exception {
        admin.deleteConsumerGroups(List.of(group())).all().get();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        metadata.forEach((partition, text) ->
                offsets.put(new TopicPartition(topic("shuffled"), partition), new OffsetAndMetadata(0, text)));
        admin.alterConsumerGroupOffsets(group(), offsets).all().get();
    }

    private ContainerSettings settings(String instance, int number) {
        return settings(instance, number, stateDir);
    }

    private ContainerSettings settings(String instance, int number, Path dir) {
        return settings(instance, number, dir, clientProperties);
    }

    private ContainerSettings settings(String instance, int number, Path dir, Map<String, String> more) {
        Map<String, String> client = new HashMap<>(more);
        client.put("bootstrap.servers", kafka.bootstrapServers());
        return new ContainerSettings(
                new PipelineSettings(
                        "acme",
                        pipeline,
                        client,
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(6),
                        transactionTimeout,
                        dir,
                        64 << 20,
                        1 << 20,
                        0),
                "join",
                instance,
                number,
                List.of(topic("shuffled")),
                inputMayGrow,
                Map.of(topic("joined"), PARTITIONS),
                topic("dead-letter"),
                Optional.of(topic("changelog")));
    }

    private ContainerProcess start(String instance, int number) {
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        processes.add(process);
        process.start(resources -> new Container(settings(instance, number), job, clock, resources));
        return process;
    }

    private Container.Exit exitOf(ContainerSettings settings) throws Exception {
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        processes.add(process);
        Container container = process.start(resources -> new Container(settings, job, clock, resources));
        return process.exit(container).get(60, TimeUnit.SECONDS);
    }

    private void produce(int records) {
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>(topic("shuffled"), i % PARTITIONS, "k" + i % PARTITIONS, "x"));
        }
        producer.flush();
    }

    /** Every key has been counted to records / PARTITIONS, each number once, in order. */
    private void awaitCounts(int records) throws Exception {
        List<Integer> all =
                IntStream.rangeClosed(1, records / PARTITIONS).boxed().toList();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Map<String, List<Integer>> counts = counts();
            assertThat(counts).hasSize(PARTITIONS);
            assertThat(counts.values()).allSatisfy(c -> assertThat(c).isEqualTo(all));
        });
    }

    private Map<String, List<Integer>> counts() {
        Map<String, List<Integer>> counts = new TreeMap<>();
        read(topic("joined"))
                .forEach(record -> counts.computeIfAbsent(record.key(), k -> new ArrayList<>())
                        .add(Integer.valueOf(record.value())));
        return counts;
    }

    /** All that is committed in a topic now. */
    private static List<ConsumerRecord<String, String>> read(String topic) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(p -> new TopicPartition(topic, p))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private int members() throws Exception {
        return admin.describeConsumerGroups(List.of(group()))
                .all()
                .get()
                .get(group())
                .members()
                .size();
    }

    private CommitMetadata metadata(int partition) throws Exception {
        return CommitMetadata.parse(rawMetadata(partition));
    }

    private String rawMetadata(int partition) throws Exception {
        return admin.listConsumerGroupOffsets(group())
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(topic("shuffled"), partition))
                .metadata();
    }

    @Test
    void theBooksAreCommittedWithTheOffset() throws Exception {
        provision();
        start("a", 0);
        produce(9);
        awaitCounts(9);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(metadata(0).books().in()).isEqualTo(3);
            assertThat(metadata(0).books().imbalance()).isZero();
            assertThat(metadata(0).changelog()).isPresent();
        });
    }

    private void deleteState() throws IOException {
        try (Stream<Path> files = Files.walk(stateDir)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(stateDir)) {
                    Files.delete(file);
                }
            }
        }
    }
}
