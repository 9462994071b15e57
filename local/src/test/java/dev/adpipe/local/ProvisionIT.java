package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.CommitMetadata;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.Start;
import dev.adpipe.schemas.definition.TenantSettings;
import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionIT {
    private static final Provisioner.Options REFUSE_RAW = new Provisioner.Options(OptionalInt.empty(), false);
    private static EmbeddedKafka kafka;
    private static KafkaConnection connection;

    private final List<String> said = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path dir) {
        kafka = EmbeddedKafka.start(dir);
        connection = KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        connection.close();
        kafka.close();
    }

    @Test
    void makesTopicsThatKeepStateAndFirstOffsets() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "fresh");
        provision(pipeline, Provisioner.Options.local(2));

        assertThat(TopicProvisioner.describe(admin(), pipeline.topics().all()))
                .hasSize(6)
                .allSatisfy((name, topic) -> assertThat(topic.partitions()).hasSize(3));
        assertThat(TopicProvisioner.describe(admin(), pipeline.rawTopics()))
                .hasSize(2)
                .allSatisfy((name, topic) -> assertThat(topic.partitions()).hasSize(2));
        assertThat(config(pipeline.topics().joinChangelog(), "retention.ms")).isEqualTo("-1");
        assertThat(config(pipeline.topics().joinChangelog(), "retention.bytes")).isEqualTo("-1");
        assertThat(config(pipeline.topics().joinChangelog(), "segment.bytes")).isEqualTo("33554432");
        assertThat(config(pipeline.topics().shuffled(), "message.timestamp.type"))
                .isEqualTo("LogAppendTime");
        assertThat(config(pipeline.topics().shuffled(), "max.message.bytes"))
                .isEqualTo(Integer.toString((1 << 20) + 65536));
        assertThat(config(pipeline.topics().joined(), "max.message.bytes"))
                .isEqualTo(Integer.toString((2 << 20) + 65536));
        assertThat(config(pipeline.topics().unmatched(), "retention.ms"))
                .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));

        Map<TopicPartition, OffsetAndMetadata> shuffle = offsets(pipeline, "shuffle");
        assertThat(shuffle.keySet())
                .containsExactlyInAnyOrder(
                        new TopicPartition("fresh.impressions", 0),
                        new TopicPartition("fresh.impressions", 1),
                        new TopicPartition("fresh.clicks", 0),
                        new TopicPartition("fresh.clicks", 1));
        assertThat(offsets(pipeline, "join")).hasSize(3).allSatisfy((p, offset) -> {
            assertThat(p.topic()).isEqualTo("acme.fresh.shuffled");
            assertThat(offset.offset()).isZero();
            assertThat(CommitMetadata.parse(offset.metadata()).books().in()).isZero();
        });
        assertThat(offsets(pipeline, "output")).hasSize(3);
    }

    @Test
    void doneTwiceItChangesNothing() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "twice");
        provision(pipeline, Provisioner.Options.local(2));
        Map<TopicPartition, OffsetAndMetadata> before = offsets(pipeline, "shuffle");
        said.clear();
        provision(pipeline, REFUSE_RAW);

        assertThat(offsets(pipeline, "shuffle")).isEqualTo(before);
        assertThat(said)
                .hasSize(9)
                .allMatch(line -> line.endsWith("as it should be") || line.endsWith("every partition has an offset"));
    }

    @Test
    void aClusterWithoutSecurityGetsTopicsAndHearsThatNobodyIsKeptApart() {
        PipelineDefinition open = TestPipeline.of(kafka, "open");
        PipelineDefinition pipeline = new PipelineDefinition(
                open.source(),
                open.customer(),
                open.name(),
                open.kafka(),
                open.streams(),
                open.shuffle(),
                open.join(),
                open.output(),
                open.runtime(),
                Optional.of(new TenantSettings(
                        "acme",
                        Optional.empty(),
                        new TenantSettings.Quotas(OptionalLong.of(1000), OptionalLong.empty(), OptionalLong.empty()))));
        provision(pipeline, Provisioner.Options.local(1));

        assertThat(TopicProvisioner.describe(admin(), pipeline.topics().all())).hasSize(6);
        assertThat(said)
                .anyMatch(line -> line.startsWith("ACLs: none made, since this cluster has no authorizer"))
                .contains("quotas of user acme: set producer_byte_rate from none to 1,000")
                .anyMatch(line -> line.startsWith("user acme: the definition's clients do not log in"));
    }

    @Test
    void setsRightWhatSomebodyChanged() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "changed");
        provision(pipeline, Provisioner.Options.local(1));
        String changelog = pipeline.topics().joinChangelog();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
        Answer.of(admin().incrementalAlterConfigs(Map.of(
                        resource,
                        List.of(new AlterConfigOp(new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET))))
                .all());
        said.clear();
        provision(pipeline, REFUSE_RAW);

        assertThat(config(changelog, "retention.ms")).isEqualTo("-1");
        assertThat(said).contains("topic " + changelog + ": set retention.ms from 1000 to -1");
    }

    @Test
    void refusesToRepartitionAndChangesNothing() {
        provision(TestPipeline.of(kafka, "resized"), Provisioner.Options.local(1));
        PipelineDefinition more = TestPipeline.of(kafka, "resized", 4, Start.EARLIEST);

        assertRefused(more, REFUSE_RAW, "acme.resized.shuffled, ", "have 3 partitions", "shuffle.partitions = 4");
        assertThat(TopicProvisioner.describe(admin(), more.topics().all()))
                .allSatisfy((name, topic) -> assertThat(topic.partitions()).hasSize(3));
    }

    @Test
    void refusesMissingRawTopicsBeforeItMakesAnything() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "rawless");
        assertRefused(pipeline, REFUSE_RAW, "rawless.impressions, rawless.clicks", "--create-raw-topics");
        assertThat(TopicProvisioner.describe(admin(), pipeline.topics().all())).isEmpty();
    }

    @Test
    void startsAtTheEndWhereTheDefinitionSaysSoButReadsAGrownTopicWhole() {
        Answer.of(admin().createTopics(List.of(
                        new NewTopic("tail.impressions", 1, (short) 1), new NewTopic("tail.clicks", 1, (short) 1)))
                .all());
        write("tail.impressions", 0, 5);
        PipelineDefinition pipeline = TestPipeline.of(kafka, "tail", 3, Start.LATEST);
        provision(pipeline, REFUSE_RAW);
        assertThat(offsets(pipeline, "shuffle")
                        .get(new TopicPartition("tail.impressions", 0))
                        .offset())
                .isEqualTo(5);

        Answer.of(admin().createPartitions(Map.of("tail.impressions", NewPartitions.increaseTo(2)))
                .all());
        write("tail.impressions", 1, 3);
        provision(pipeline, REFUSE_RAW);
        assertThat(offsets(pipeline, "shuffle")
                        .get(new TopicPartition("tail.impressions", 0))
                        .offset())
                .isEqualTo(5);
        assertThat(offsets(pipeline, "shuffle")
                        .get(new TopicPartition("tail.impressions", 1))
                        .offset())
                .isZero();
    }

    @Test
    void refusesOffsetsThatWereLost() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "lost");
        provision(pipeline, Provisioner.Options.local(1));
        TopicPartition gone = new TopicPartition("acme.lost.shuffled", 1);
        Answer.of(admin().deleteConsumerGroupOffsets(pipeline.topics().group("join"), Set.of(gone))
                .all());

        assertRefused(
                pipeline,
                REFUSE_RAW,
                "acme.lost-join has lost its offset of acme.lost.shuffled-1",
                "twice",
                "adpipe reset lost.conf --stage join");
        assertThat(offsets(pipeline, "join")).doesNotContainKey(gone);
    }

    @Test
    void refusesWhenAllOffsetsOfAStageThatHasWrittenAreLost() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "expired");
        provision(pipeline, Provisioner.Options.local(1));
        write(pipeline.topics().shuffled(), 0, 1);
        Answer.of(admin().deleteConsumerGroups(List.of(pipeline.topics().group("shuffle")))
                .all());
        assertRefused(pipeline, REFUSE_RAW, "expired-shuffle has lost its offset", "adpipe reset");
    }

    @Test
    void refusesWhileSomebodyIsInTheGroupAndSaysWho() {
        PipelineDefinition pipeline = TestPipeline.of(kafka, "busy");
        provision(pipeline, Provisioner.Options.local(1));
        addPartition("busy.clicks");
        try (Member member = new Member(pipeline, "running")) {
            assertRefused(pipeline, REFUSE_RAW, "instance running", "host /127.0.0.1", "--remove-stopped");
            Provisioner.Options remove = new Provisioner.Options(OptionalInt.empty(), true);
            assertRefused(pipeline, remove, "instance running", "back at once");
            assertThat(offsets(pipeline, "shuffle")).hasSize(2);

            member.stopPolling();
            provision(pipeline, remove);
        }
        assertThat(offsets(pipeline, "shuffle")).hasSize(3);
        assertThat(said).anyMatch(line -> line.contains("removed member") && line.contains("instance running"));
    }

    /** A static member on a thread of its own; it leaves the group to time out when it is closed. */
    private static final class Member implements AutoCloseable {
        private final AtomicBoolean polling = new AtomicBoolean(true);
        private final Thread thread;

        Member(PipelineDefinition pipeline, String instance) {
            String group = pipeline.topics().group("shuffle");
            thread = new Thread(() -> poll(pipeline, group, instance), "member-" + instance);
            thread.start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> GroupMembers.describe(admin(), group)
                            .filter(g -> g.members().size() == 1)
                            .isPresent());
        }

        private void poll(PipelineDefinition pipeline, String group, String instance) {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    connection.consumer(Map.of("group.id", group, "group.instance.id", instance))) {
                consumer.subscribe(pipeline.rawTopics());
                while (polling.get()) {
                    consumer.poll(Duration.ofMillis(100));
                }
            }
        }

        void stopPolling() {
            polling.set(false);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !thread.isAlive());
        }

        @Override
        public void close() {
            stopPolling();
        }
    }

    private void provision(PipelineDefinition pipeline, Provisioner.Options options) {
        new Provisioner(pipeline, admin(), said::add).provision(options);
    }

    private void assertRefused(PipelineDefinition pipeline, Provisioner.Options options, String... parts) {
        assertThatThrownBy(() -> provision(pipeline, options))
                .isInstanceOfSatisfying(
                        CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.REFUSED))
                .hasMessageContainingAll(parts);
    }

    private static Admin admin() {
        return connection.admin();
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(PipelineDefinition pipeline, String stage) {
        return OffsetProvisioner.committed(admin(), pipeline.topics().group(stage));
    }

    private static String config(String topic, String key) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config =
                Answer.of(admin().describeConfigs(List.of(resource)).all()).get(resource);
        return config.get(key).value();
    }

    private static void addPartition(String topic) {
        Answer.of(admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                .all());
    }

    private static void write(String topic, int partition, int records) {
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < records; i++) {
                byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                Answer.of(producer.send(new ProducerRecord<>(topic, partition, null, value)));
            }
        }
    }
}
