package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.payload.FieldPath;
import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lookup that follows a compacted topic of a real Kafka. */
class TopicTableIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MANY = 500;

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static KafkaProducer<String, String> plain;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(dir);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        plain = producer(Map.of());
    }

    @AfterAll
    static void stop() {
        plain.close(Duration.ZERO);
        admin.close(Duration.ZERO);
        kafka.close();
    }

    @Test
    void rowsWaitForTheWholeTopicAndThenSeeEachChange() throws Exception {
        create("acme.items", 2);
        for (int i = 0; i < MANY; i++) {
            send("acme.items", "id-" + i, "{\"name\": \"n-" + i + "\"}");
        }
        send("acme.items", "id-1", "{\"name\": \"new\"}");
        send("acme.items", "id-2", null);
        plain.flush();
        try (KafkaProducer<String, String> transactional = producer(Map.of("transactional.id", "importer"))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional
                    .send(new ProducerRecord<>("acme.items", "late", "{\"name\": \"just in time\"}"))
                    .get();
            try (Lookups lookups = lookups("acme.items")) {
                await().atMost(SOON).until(() -> waitsFor(lookups).contains("open transaction"));
                assertThatThrownBy(() -> lookups.refresh(0))
                        .isInstanceOf(NotReadyException.class)
                        .hasMessageStartingWith("lookup items: topic acme.items is being read");
                transactional.commitTransaction();
                await().atMost(SOON).until(() -> waitsFor(lookups).isEmpty());

                // Now at once, nothing is waited for.
                lookups.refresh(0);
                LiveLookup items = lookups.get("items");
                assertThat(items.entries()).isEqualTo(MANY);
                assertThat(items.find("late")).isEqualTo("just in time");
                assertThat(items.find("id-1")).isEqualTo("new");
                assertThat(items.find("id-2")).isNull();
                assertThat(items.find("id-499")).isEqualTo("n-499");

                transactional.beginTransaction();
                transactional.send(new ProducerRecord<>("acme.items", "id-3", "{\"name\": \"taken back\"}"));
                transactional.abortTransaction();
                send("acme.items", "id-4", null);
                send("acme.items", "id-5", "{\"name\": \"changed\"}");
                send("acme.items", "id-3", "{\"other\": 1}");
                await().atMost(SOON)
                        .until(() ->
                                items.find("id-4") == null && items.find("id-5").equals("changed"));
                assertThat(items.find("id-3")).isEqualTo("n-3");
                assertThat(items.ageMillis()).isLessThan(SOON.toMillis());
            }
        }
    }

    @Test
    void aTopicThatIsNotThereIsWaitedForAndOneMadeAnewReplacesTheTable() throws Exception {
        try (Lookups lookups = lookups("acme.shops")) {
            await().atMost(SOON).until(() -> waitsFor(lookups).contains("topic acme.shops cannot be read"));
            create("acme.shops", 1);
            await().atMost(SOON).until(() -> waitsFor(lookups).isEmpty());
            LiveLookup shops = lookups.get("items");
            send("acme.shops", "a", "{\"name\": \"A\"}");
            await().atMost(SOON).until(() -> "A".equals(shops.find("a")));

            admin.deleteTopics(List.of("acme.shops")).all().get();
            await().atMost(SOON).ignoreExceptions().until(() -> {
                create("acme.shops", 3);
                return true;
            });
            send("acme.shops", "b", "{\"name\": \"B\"}");
            await().atMost(SOON).until(() -> "B".equals(shops.find("b")));
            assertThat(shops.find("a")).isNull();
        }
    }

    @Tag("full")
    @Test
    void whileKafkaIsAwayTheTableStaysAndAges(@TempDir Path other) throws Exception {
        EmbeddedKafka own = EmbeddedKafka.start(other);
        int port = own.port();
        try (Admin ownAdmin = Admin.create(Map.of("bootstrap.servers", own.bootstrapServers()));
                KafkaProducer<String, String> sender = producer(own, Map.of());
                Lookups lookups = lookups(own, "t")) {
            ownAdmin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                    .all()
                    .get();
            sender.send(new ProducerRecord<>("t", "a", "{\"name\": \"A\"}")).get();
            LiveLookup names = lookups.get("items");
            await().atMost(SOON).until(() -> "A".equals(names.find("a")));
            own.close();
            await().atMost(SOON).until(() -> names.ageMillis() > 15_000);
            assertThat(names.find("a")).isEqualTo("A");
            assertThat(names.waitsFor()).isEmpty();

            own = EmbeddedKafka.start(other, port);
            sender.send(new ProducerRecord<>("t", "a", "{\"name\": \"A again\"}"))
                    .get();
            await().atMost(SOON).until(() -> "A again".equals(names.find("a")) && names.ageMillis() < 15_000);
        } finally {
            own.close();
        }
    }

    private static String waitsFor(Lookups lookups) {
        return lookups.get("items").waitsFor().orElse("");
    }

    private static Lookups lookups(String topic) {
        return lookups(kafka, topic);
    }

    private static Lookups lookups(EmbeddedKafka kafka, String topic) {
        return new Lookups(
                Map.of("items", new TopicLookup(topic, Optional.empty(), Optional.of(FieldPath.parse("name")))),
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                "acme.ads-output",
                Clock.SYSTEM);
    }

    private static void create(String topic, int partitions) throws Exception {
        NewTopic compacted = new NewTopic(topic, partitions, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        admin.createTopics(List.of(compacted)).all().get();
    }

    private static void send(String topic, String key, String value) {
        plain.send(new ProducerRecord<>(topic, key, value));
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> more) {
        return producer(kafka, more);
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }
}
