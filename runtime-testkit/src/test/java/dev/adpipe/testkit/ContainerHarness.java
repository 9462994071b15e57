package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.runtime.ContainerSettings;
import dev.adpipe.runtime.PipelineSettings;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
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
import org.junit.jupiter.api.io.TempDir;

/**
 * A container with a {@link KeyCountJob} against a real Kafka, shared by the tests of a class; each test has a pipeline and
 * folders of its own.
 */
abstract class ContainerHarness {
    static final int PARTITIONS = 3;
    static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path kafkaDir;

    static EmbeddedKafka kafka;
    static Admin admin;
    static int pipelines;

    @TempDir
    Path stateDir;

    final List<ContainerProcess> processes = new ArrayList<>();
    String pipeline;
    KeyCountJob job;
    KafkaProducer<String, String> producer;
    boolean inputMayGrow;
    final AtomicLong clockAhead = new AtomicLong();
    final Clock clock = () -> System.currentTimeMillis() + clockAhead.get();
    Duration transactionTimeout = Duration.ofSeconds(10);
    Duration commitInterval = Duration.ofMillis(100);
    int standbys;
    Map<String, String> clientProperties = Map.of();

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

    String topic(String name) {
        return "acme." + pipeline + "." + name;
    }

    String group() {
        return "acme." + pipeline + "-join";
    }

    void provision() throws Exception {
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

    ContainerSettings settings(String instance, int number) {
        return settings(instance, number, stateDir);
    }

    ContainerSettings settings(String instance, int number, Path dir) {
        return settings(instance, number, dir, clientProperties);
    }

    ContainerSettings settings(String instance, int number, Path dir, Map<String, String> more) {
        Map<String, String> client = new HashMap<>(more);
        client.put("bootstrap.servers", kafka.bootstrapServers());
        PipelineSettings settings = new PipelineSettings(
                "acme",
                pipeline,
                client,
                commitInterval,
                Duration.ofMillis(200),
                Duration.ofSeconds(6),
                transactionTimeout,
                dir,
                64 << 20,
                1 << 20,
                0,
                standbys);
        return settings(settings, instance, number, inputMayGrow);
    }

    static ContainerSettings settings(PipelineSettings pipeline, String instance, int number, boolean inputMayGrow) {
        String prefix = "acme." + pipeline.name() + ".";
        return new ContainerSettings(
                pipeline,
                "join",
                instance,
                number,
                List.of(prefix + "shuffled"),
                inputMayGrow,
                Map.of(prefix + "joined", PARTITIONS),
                prefix + "dead-letter",
                Optional.of(prefix + "changelog"));
    }

    ContainerProcess start(String instance, int number) {
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        processes.add(process);
        process.start(resources -> new Container(settings(instance, number), job, clock, resources));
        return process;
    }

    Container.Exit exitOf(ContainerSettings settings) throws Exception {
        ContainerProcess process = new ContainerProcess(64 << 20, 0);
        processes.add(process);
        Container container = process.start(resources -> new Container(settings, job, clock, resources));
        return process.exit(container).get(60, TimeUnit.SECONDS);
    }

    void produce(int records) {
        for (int i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>(topic("shuffled"), i % PARTITIONS, "k" + i % PARTITIONS, "x"));
        }
        producer.flush();
    }

    /** Every key has been counted to records / PARTITIONS, each number once, in order. */
    void awaitCounts(int records) throws Exception {
        List<Integer> all =
                IntStream.rangeClosed(1, records / PARTITIONS).boxed().toList();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Map<String, List<Integer>> counts = counts();
            assertThat(counts).hasSize(PARTITIONS);
            assertThat(counts.values()).allSatisfy(c -> assertThat(c).isEqualTo(all));
        });
    }

    Map<String, List<Integer>> counts() {
        Map<String, List<Integer>> counts = new TreeMap<>();
        read(topic("joined"))
                .forEach(record -> counts.computeIfAbsent(record.key(), k -> new ArrayList<>())
                        .add(Integer.valueOf(record.value())));
        return counts;
    }

    /** All that is committed in a topic now. */
    static List<ConsumerRecord<String, String>> read(String topic) {
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

    KafkaProducer<String, String> foreignProducer() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("transactional.id", pipeline + "-foreign");
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    int members() throws Exception {
        return admin.describeConsumerGroups(List.of(group()))
                .all()
                .get()
                .get(group())
                .members()
                .size();
    }

    /** Who owns which partition, by instance. */
    Map<Integer, String> owners() throws Exception {
        Map<Integer, String> owners = new TreeMap<>();
        admin.describeConsumerGroups(List.of(group()))
                .all()
                .get()
                .get(group())
                .members()
                .forEach(member -> {
                    String instance =
                            member.clientId().substring(group().length() + 1).replaceAll("-\\d+-consumer$", "");
                    member.assignment().topicPartitions().forEach(p -> owners.put(p.partition(), instance));
                });
        return owners;
    }

    CommitMetadata metadata(int partition) throws Exception {
        return CommitMetadata.parse(rawMetadata(partition));
    }

    String rawMetadata(int partition) throws Exception {
        return admin.listConsumerGroupOffsets(group())
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(topic("shuffled"), partition))
                .metadata();
    }

    void deleteState() throws IOException {
        try (Stream<Path> files = Files.walk(stateDir)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!file.equals(stateDir)) {
                    Files.delete(file);
                }
            }
        }
    }
}
