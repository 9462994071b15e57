package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.ContainerProcess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What a container promises when it is stopped, restarted, moved, and when records are bad or early. */
class ContainerIT extends ContainerHarness {
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

    /** Kafka has acknowledged a commit before its markers are written: nothing is taken for left open then. */
    @Test
    void commitsOneUponTheOtherNeedNoClosing() throws Exception {
        provision();
        commitInterval = Duration.ofMillis(10);
        int records = 3 * 300;
        try (LogCapture log = new LogCapture()) {
            start("a", 0);
            for (int sent = 0; sent < records; sent += PARTITIONS) {
                produce(PARTITIONS);
            }
            awaitCounts(records);
            assertThat(log.lines()).doesNotContain("left its");
        }
        assertThat(admin.listConsumerGroupOffsets(group())
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .keySet())
                .allMatch(partition -> partition.topic().equals(topic("shuffled")));
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
    void whatATaskHoldsBackIsSentBeforePartitionsMoveAndBeforeACleanStop() throws Exception {
        provision();
        job.late = true;
        commitInterval = Duration.ofHours(1);
        ContainerProcess first = start("a", 0);
        produce(30);
        await().atMost(SOON).until(() -> job.unsent.get() == 30);
        ContainerProcess second = start("b", 0);
        awaitCounts(30);
        await().atMost(SOON).untilAsserted(() -> assertThat(members()).isEqualTo(2));
        produce(30);
        await().atMost(SOON).until(() -> job.unsent.get() == 30);
        first.close();
        second.close();
        awaitCounts(60);
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
    void theChangelogIsShortenedTenMinutesAfterItsKeysHaveDied() throws Exception {
        provision();
        try (ContainerProcess first = start("a", 0)) {
            produce(9);
            awaitCounts(9);
            die(1);
            // What a commit frees may be deleted after the next one, which tells of it.
            die(2);
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

    private void die(int times) throws Exception {
        for (int p = 0; p < PARTITIONS; p++) {
            producer.send(new ProducerRecord<>(topic("shuffled"), p, "k" + p, "die"));
        }
        producer.flush();
        await().atMost(SOON)
                .until(() -> metadata(0).books().duplicate() == times
                        && metadata(1).books().duplicate() == times
                        && metadata(2).books().duplicate() == times);
    }

    private long changelogStart(int partition) throws Exception {
        TopicPartition changelog = new TopicPartition(topic("changelog"), partition);
        return admin.listOffsets(Map.of(changelog, OffsetSpec.earliest()))
                .partitionResult(changelog)
                .get()
                .offset();
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
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

    /** One poll gives all of them, compressed as they are; the commit interval is longer than the test. */
    @Test
    void aPollThatTakesLongerThanTheIntervalIsCommittedOnceBeforeItsEnd() throws Exception {
        provision();
        commitInterval = Duration.ofHours(1);
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Runnable twoHours = () -> clockAhead.addAndGet(Duration.ofHours(2).toMillis());
        Runnable pause = () -> {
            paused.countDown();
            awaitOpen(seen);
        };
        job.hold.set(() -> {
            twoHours.run();
            job.hold.set(() -> {
                twoHours.run();
                job.hold.set(pause);
            });
        });
        for (String value : List.of("x", "hold", "hold", "x", "pause", "x")) {
            producer.send(new ProducerRecord<>(topic("shuffled"), 0, "k", value));
        }
        producer.flush();
        start("a", 0);
        awaitOpen(paused);
        assertThat(counts().get("k")).containsExactly(1, 2);
        assertThat(metadata(0).books().in()).isEqualTo(2);
        seen.countDown();
        processes.get(0).close();
        assertThat(counts().get("k")).containsExactly(1, 2, 3, 4, 5, 6);
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTransactionThatHasGrownLargeIsCommittedBeforeItsTime() throws Exception {
        provision();
        commitInterval = Duration.ofHours(1);
        String value = "poison" + "x".repeat(500_000);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("compression.type", "lz4");
        properties.put("linger.ms", "100");
        try (var packing = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int n = 0; n < 100; n++) {
                sent.add(packing.send(new ProducerRecord<>(topic("shuffled"), 0, "k", value)));
            }
            packing.flush();
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
        start("a", 0);
        // 34 of them are the first to make 16 MiB.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(rawMetadata(0)).isNotEmpty().startsWith("v=1"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(metadata(0).books().in()).isEqualTo(68));
        processes.get(0).close();
        assertThat(metadata(0).books().in()).isEqualTo(100);
    }
}
