package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose transactions are ended, and whose are not. */
class GoneOwnersIT {
    private static final String GROUP = "acme.p-join";
    private static final String OTHER = GROUP + "-z-0";

    @TempDir
    private Path dir;

    /** The orders know nothing of the other one: it came when the group had another assignor. */
    @Test
    void oneThatOldOrdersDoNotNameIsLeftAloneWhileItIsInTheGroup() throws Exception {
        TopicPartition input = new TopicPartition("t", 0);
        AtomicLong time = new AtomicLong(1_000_000);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<String, String> producer = producer(kafka)) {
            admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            Membership membership = new Membership(GROUP + "-a-0", 1);
            membership.ordered(new MemberOrders(Set.of(GROUP + "-a-0"), Set.of(), Set.of(), Set.of()));
            GoneOwners gone = new GoneOwners(GROUP, membership, admin, new BrokerOutage("test", () -> {}), time::get);
            String by = new CommitMetadata(new Books(), "", Optional.empty(), Optional.empty(), OTHER, Optional.empty())
                    .encode();
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                admin.alterConsumerGroupOffsets(GROUP, Map.of(input, new OffsetAndMetadata(0, by)))
                        .all()
                        .get();
                return true;
            });
            producer.initTransactions();
            try (KafkaConsumer<String, String> member = member(kafka)) {
                member.subscribe(List.of("t"));
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    member.poll(Duration.ofMillis(100));
                    return !member.assignment().isEmpty();
                });
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("t", "x")).get();
                gone.fence(List.of(input));
                producer.commitTransaction();
            }
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", "y")).get();
            time.addAndGet(5_000);
            gone.fence(List.of(input));
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
        }
    }

    private static KafkaProducer<String, String> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", OTHER),
                new StringSerializer(),
                new StringSerializer());
    }

    private static KafkaConsumer<String, String> member(EmbeddedKafka kafka) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        GROUP,
                        "client.id",
                        ClientProperties.inputClientId(OTHER),
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
