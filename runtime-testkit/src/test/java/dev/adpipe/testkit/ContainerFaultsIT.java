package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ExitReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
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
