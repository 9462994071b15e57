package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a container promises of its state and of its copies: restored, overtaken, waited for, deleted. */
class RestoreIT extends ContainerHarness {
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
}
