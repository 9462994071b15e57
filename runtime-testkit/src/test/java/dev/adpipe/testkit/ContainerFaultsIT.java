package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ExitReason;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container promises when others have its name, its partitions or its broker. */
class ContainerFaultsIT extends ContainerHarness {
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
        try (var log = new LogCapture()) {
            produce(9);
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(log.lines()).contains("aborted, going back to the committed offsets"));
        }
        admin.createTopics(List.of(new NewTopic(topic("joined"), PARTITIONS, (short) 1)))
                .all()
                .get();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsOnlyKeys("k0", "k1", "k2")
                        .allSatisfy((key, counts) -> assertThat(counts).containsExactly(4, 5, 6)));
        assertThat(job.opened).hasSizeGreaterThanOrEqualTo(opened + PARTITIONS);
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
        TopicPartition changelog = new TopicPartition(topic("changelog"), 0);
        try (var foreign = foreignProducer()) {
            try (ContainerProcess first = start("a", 0)) {
                await().atMost(SOON).untilAsserted(() -> assertThat(job.opened).contains(0, 1, 2));
                foreign.initTransactions();
                foreign.beginTransaction();
                foreign.send(new ProducerRecord<>(changelog.topic(), changelog.partition(), "k", "v"))
                        .get();
                produce(9);
                awaitCounts(9);
                die(0);
            }
            deleteState();
            job.opened.clear();
            start("a", 0);
            await().atMost(SOON).untilAsserted(() -> assertThat(job.opened).containsExactlyInAnyOrder(1, 2));
            deleteUpToLowWater(changelog);
            foreign.abortTransaction();
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(job.opened).contains(0));
        produce(9);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsEntry("k0", List.of(1, 2, 3, 1, 2, 3))
                        .containsEntry("k1", List.of(1, 2, 3, 4, 5, 6)));
    }

    /** A standby that is held back while its owner writes on and deletes: its copy is worthless, and it makes a new one. */
    @Test
    void aStandbyThatIsOvertakenStartsOver() throws Exception {
        provision();
        standbys = 1;
        ContainerProcess first = start("a", 0);
        await().atMost(SOON).until(() -> owners().size() == PARTITIONS);
        produce(9);
        awaitCounts(9);
        start("b", 0);
        await().atMost(SOON).until(() -> new HashSet<>(owners().values()).size() == 2 && owners().size() == PARTITIONS);
        int kept = owners().entrySet().stream()
                .filter(owner -> owner.getValue().equals("a"))
                .mapToInt(Map.Entry::getKey)
                .min()
                .orElseThrow();
        TopicPartition changelog = new TopicPartition(topic("changelog"), kept);
        try (var foreign = foreignProducer();
                var log = new LogCapture()) {
            foreign.initTransactions();
            foreign.beginTransaction();
            foreign.send(new ProducerRecord<>(changelog.topic(), changelog.partition(), "k", "v"))
                    .get();
            produce(9);
            awaitCounts(18);
            die(kept);
            deleteUpToLowWater(changelog);
            await().atMost(SOON).untilAsserted(() -> assertThat(log.lines()).contains("the standby copy starts over"));
            foreign.abortTransaction();
        }
        first.close();
        produce(9);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsEntry("k" + kept, List.of(1, 2, 3, 4, 5, 6, 1, 2, 3))
                        .containsEntry("k" + (kept + 1) % PARTITIONS, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    /** Three containers, each with a task and a copy: the third store of each is of no use after a while. */
    @Test
    void aStoreThatNobodyWantsIsDeletedAfterAWhile() throws Exception {
        provision();
        standbys = 1;
        start("a", 0);
        produce(9);
        awaitCounts(9);
        start("b", 0);
        await().atMost(SOON).until(() -> Files.isDirectory(store("b", 0)) && Files.isDirectory(store("b", 1)));
        start("c", 0);
        await().atMost(SOON).until(() -> new HashSet<>(owners().values()).size() == 3);
        AtomicLong minutes = new AtomicLong();
        await().atMost(SOON).until(() -> {
            boolean deleted = IntStream.range(0, PARTITIONS)
                    .anyMatch(p -> !Files.exists(store("a", p)) || !Files.exists(store("b", p)));
            if (!deleted) {
                clockAhead.addAndGet(Duration.ofMinutes(1).toMillis());
                minutes.incrementAndGet();
            }
            return deleted;
        });
        assertThat(minutes.get()).isGreaterThanOrEqualTo(10);
        for (Map.Entry<Integer, String> owner : owners().entrySet()) {
            assertThat(store(owner.getValue(), owner.getKey())).isNotEmptyDirectory();
            assertThat(List.of("a", "b", "c"))
                    .filteredOn(instance -> Files.exists(store(instance, owner.getKey())))
                    .hasSizeGreaterThanOrEqualTo(2);
        }
        produce(9);
        awaitCounts(18);
    }

    private Path store(String instance, int partition) {
        return stateDir.resolve("acme." + pipeline)
                .resolve("join-" + instance + "-0")
                .resolve(Integer.toString(partition));
    }

    /** Its offset is in the log but not committed; whoever comes next must neither take it nor leave it before it is decided. */
    @Test
    void anOwnerStalledBetweenItsOffsetsAndItsCommitIsWaitedFor() throws Exception {
        provision();
        produce(6);
        TopicPartition input = new TopicPartition(topic("shuffled"), 0);
        try (var stalled = foreignProducer()) {
            stalled.initTransactions();
            try (var member = foreignMember()) {
                await().atMost(SOON).until(() -> {
                    member.poll(Duration.ofMillis(100));
                    return member.assignment().contains(input);
                });
                stalled.beginTransaction();
                stalled.send(new ProducerRecord<>(topic("joined"), 0, "k0", "1"));
                OffsetAndMetadata next =
                        new OffsetAndMetadata(1, CommitMetadata.initial().encode());
                stalled.sendOffsetsToTransaction(Map.of(input, next), member.groupMetadata());
            }
            start("a", 0);
            await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> job.opened.isEmpty());
            stalled.commitTransaction();
        }
        // The second record of k0 is the first that the container counts; the stalled owner kept no state of the other.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsEntry("k0", List.of(1, 1))
                        .containsEntry("k1", List.of(1, 2))
                        .containsEntry("k2", List.of(1, 2)));
    }

    /** It stands still without a transaction, loses its partitions, wakes, and begins a new one that nobody has fenced. */
    @Test
    void aZombieThatWakesBetweenTransactionsCommitsNothing() throws Exception {
        provision();
        transactionTimeout = Duration.ofMinutes(2);
        start("a", 0);
        produce(9);
        awaitCounts(9);
        Hold hold = new Hold();
        producer.send(new ProducerRecord<>(topic("shuffled"), 0, "k0", "pause")).get();
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
        produce(9);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(counts())
                        .containsEntry("k0", List.of(1, 2, 3, 4, 5, 6, 7))
                        .containsEntry("k1", List.of(1, 2, 3, 4, 5, 6))
                        .containsEntry("k2", List.of(1, 2, 3, 4, 5, 6)));
    }

    /** The restore of one task waits for a foreign transaction; the others go on, and the metrics tell who waits. */
    @Test
    void aLongRestoreDoesNotHoldUpOtherTasks() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
        }
        CommitMetadata before = metadata(0);
        deleteState();
        try (var foreign = foreignProducer()) {
            foreign.initTransactions();
            foreign.beginTransaction();
            foreign.send(new ProducerRecord<>(topic("changelog"), 0, "k", "v")).get();
            int port = freePort();
            ContainerProcess process = new ContainerProcess(64 << 20, port);
            processes.add(process);
            process.start(resources -> new Container(settings("a", 0), job, clock, resources));
            produce(9);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(counts())
                            .containsEntry("k0", List.of(1, 2, 3))
                            .containsEntry("k1", List.of(1, 2, 3, 4, 5, 6))
                            .containsEntry("k2", List.of(1, 2, 3, 4, 5, 6)));
            assertThat(metric(port, "adpipe_restore_remaining_records", 0)).isPositive();
            assertThat(metric(port, "adpipe_restore_remaining_records", 1)).isZero();
            await().atMost(SOON).until(() -> metric(port, "adpipe_restore_seconds", 0) >= 1);
            // A restore of some seconds is told beside the committed offset, which stays what it was.
            await().atMost(SOON).until(() -> metadata(0).restore().isPresent());
            assertThat(metadata(0).restore().orElseThrow().remaining()).isPositive();
            assertThat(metadata(0).books().encode()).isEqualTo(before.books().encode());
            assertThat(metadata(0).changelog()).isEqualTo(before.changelog());
            foreign.abortTransaction();
            awaitCounts(18);
            await().atMost(SOON).until(() -> metadata(0).restore().isEmpty());
            assertThat(metadata(0).books().in()).isEqualTo(6);
            assertThat(metric(port, "adpipe_restore_remaining_records", 0)).isZero();
        }
    }

    private static double metric(int port, String name, int partition) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                .build();
        String text = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        return text.lines()
                .filter(line -> line.startsWith(name) && line.contains("partition=\"" + partition + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A member of the container's group that is none of ours. */
    private KafkaConsumer<String, String> foreignMember() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("group.id", group());
        properties.put("enable.auto.commit", "false");
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        KafkaConsumer<String, String> member =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        member.subscribe(List.of(topic("shuffled")));
        return member;
    }

    /** The key's state, and then one more commit, which tells that nothing older is needed. */
    private void die(int partition) throws Exception {
        for (int times = 1; times <= 2; times++) {
            int dead = times;
            producer.send(new ProducerRecord<>(topic("shuffled"), partition, "k" + partition, "die"))
                    .get();
            await().atMost(SOON).until(() -> metadata(partition).books().duplicate() == dead);
        }
    }

    private void deleteUpToLowWater(TopicPartition changelog) throws Exception {
        long lowWater =
                metadata(changelog.partition()).changelog().orElseThrow().lowWater();
        assertThat(lowWater).isPositive();
        admin.deleteRecords(Map.of(changelog, RecordsToDelete.beforeOffset(lowWater)))
                .all()
                .get();
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
}
