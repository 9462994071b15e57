package dev.adpipe.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final TopicPartition PARTITION = new TopicPartition("letters", 0);

    @Test
    void keepsWhatWasCommittedOverARestartOnTheSameFolderAndPort(@TempDir Path dir) throws Exception {
        int port;
        String cluster;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir)) {
            port = kafka.port();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(Set.of(new NewTopic("letters", 1, (short) 1)))
                        .all()
                        .get();
                cluster = admin.describeCluster().clusterId().get();
            }
            try (KafkaProducer<String, String> producer = producer(kafka)) {
                producer.initTransactions();
                send(producer, "a", true);
                send(producer, "b", false);
                send(producer, "c", true);
            }
            assertThat(committed(kafka, 2)).containsExactly("a", "c");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir, port)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(committed(kafka, 2)).containsExactly("a", "c");
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(admin.describeCluster().clusterId().get()).isEqualTo(cluster);
                assertThatThrownBy(() -> admin.describeTopics(Set.of("never-made"))
                                .allTopicNames()
                                .get())
                        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            }
        }
    }

    @Test
    void refusesAPortThatIsTaken(@TempDir Path dir, @TempDir Path other) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(other, kafka.port()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + kafka.port());
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Kafka itself would notice only after it has opened the running one's metadata log. */
    @Test
    void refusesAFolderThatIsInUse(@TempDir Path dir) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(dir))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use by another Kafka");
            assertThat(kafka.port()).isPositive();
        }
        EmbeddedKafka.start(dir).close();
    }

    private static void send(KafkaProducer<String, String> producer, String value, boolean commit) throws Exception {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(PARTITION.topic(), value)).get();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static List<String> committed(EmbeddedKafka kafka, int atLeast) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
                return consumer.position(PARTITION) >= end && values.size() >= atLeast;
            });
        }
        return values;
    }
}
