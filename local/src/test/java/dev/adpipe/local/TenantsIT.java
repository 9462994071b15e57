package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.DefinitionLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two customers on one secured cluster, the name of one the beginning of the other's. */
class TenantsIT {
    private static final String SECRET = "acme-t0psecret";
    private static final Topics OURS = new Topics("acme.ads");
    private static final Topics THEIRS = new Topics("acme2.ads");

    @TempDir
    private static Path dir;

    private static SecuredKafka kafka;
    private static KafkaConnection connection;
    private static KafkaConnection acme;
    private static Path ours;
    private static Path theirs;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        kafka = SecuredKafka.start(dir, Map.of());
        connection = kafka.connect();
        ours = kafka.definition("acme", SECRET, "");
        theirs = kafka.definition("acme2", "first", "quotas { producer-bytes = 1MiB, request-percent = none }");
        TenantsIT first = new TenantsIT();
        first.provision(ExitCode.OK, ours, "--create-raw-topics", "1");
        assertThat(first.out.toString())
                .contains("user acme: created, SCRAM-SHA-512")
                .contains("ACL of User:acme: created, may READ, WRITE topic acme.ads.*")
                .contains("set producer_byte_rate from none to 20,971,520");
        first.provision(ExitCode.OK, theirs, "--create-raw-topics", "1");
        acme = KafkaConnection.open(kafka.properties("acme", SECRET));
    }

    @AfterAll
    static void stop() {
        acme.close();
        connection.close();
        kafka.close();
    }

    @Test
    void doneTwiceItChangesNothing() {
        provision(ExitCode.OK, ours);
        assertThat(out.toString().lines())
                .allMatch(line -> line.endsWith("as it should be")
                        || line.endsWith("as they should be")
                        || line.endsWith("every partition has an offset"))
                .contains("user acme: as it should be", "ACLs of User:acme: as they should be");
    }

    @Test
    void whatSomebodyChangedIsSaidAndSetRightButNothingIsTakenAway() {
        AclBinding lost =
                TenantAcls.needed(DefinitionLoader.load(theirs), "acme2").get(0);
        AclBinding foreign = allow("User:acme2", ResourceType.TOPIC, "lookup", AclOperation.READ);
        Answer.of(admin().deleteAcls(List.of(lost.toFilter())).all());
        Answer.of(admin().createAcls(List.of(foreign)).all());
        Answer.of(admin().alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "acme2")),
                        List.of(
                                new ClientQuotaAlteration.Op("producer_byte_rate", 7.0),
                                new ClientQuotaAlteration.Op("request_percentage", 9.0)))))
                .all());
        provision(ExitCode.OK, theirs);
        assertThat(out.toString())
                .contains("ACL of User:acme2: created, may READ topic acme2.ads.*")
                .contains("ACL of User:acme2: also READ topic lookup; not by this definition, and left as it is")
                .contains(
                        "quotas of user acme2: set producer_byte_rate from 7 to 1,048,576, set request_percentage from 9"
                                + " to none");
        Answer.of(admin().deleteAcls(List.of(foreign.toFilter())).all());
    }

    @Test
    void anotherPasswordIsRefusedUnlessItIsMeant() throws Exception {
        Path changed = Files.writeString(
                dir.resolve("changed.conf"), Files.readString(theirs).replace("password = first", "password = sec0nd"));
        provision(ExitCode.REFUSED, changed);
        assertThat(err.toString())
                .contains("user acme2 is there already", "--new-password")
                .doesNotContain("sec0nd");
        provision(ExitCode.OK, changed, "--new-password");
        assertThat(out.toString())
                .contains("user acme2: the definition's password set")
                .doesNotContain("sec0nd");
        provision(ExitCode.OK, theirs, "--new-password");
    }

    @Test
    void aWrongPasswordIsSaidByCommandsAndByJobsWithoutIt() throws Exception {
        Path wrong = Files.writeString(
                dir.resolve("wrong.conf"), Files.readString(ours).replace(SECRET, "wr0ngpassword"));
        String said = "Kafka at " + kafka.bootstrapServers() + " does not let in user acme by SCRAM-SHA-512: ";
        run(ExitCode.FAILED, "status", wrong.toString());
        assertThat(err.toString()).contains(said, "provision").doesNotContain("wr0ng");
        run(3, "run", wrong.toString(), "--stage", "join");
        try (PipelineRun jobs = PipelineRun.start(DefinitionLoader.load(wrong), Set.of(PipelineStage.JOIN), 1, "x")) {
            await().atMost(Duration.ofSeconds(20)).until(() -> died(jobs).isPresent());
            assertThat(died(jobs).orElseThrow())
                    .contains(said, "pipeline.tenant.password")
                    .doesNotContain("wr0ng");
        }
    }

    private static Optional<String> died(PipelineRun jobs) {
        try {
            jobs.requireAlive();
            return Optional.empty();
        } catch (CommandException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Test
    void aBrokerThatIsNotTrustedIsSaid() throws Exception {
        Path untrusting = Files.writeString(
                dir.resolve("untrusting.conf"),
                Files.readString(ours).replace("ssl.truststore { location = \"trust.p12\", type = PKCS12,", "#"));
        run(ExitCode.FAILED, "status", untrusting.toString());
        assertThat(err.toString()).contains("no TLS connection to Kafka at " + kafka.bootstrapServers(), "truststore");
    }

    @Test
    void withoutAnAdministratorNothingIsMadeAndItIsSaid() throws Exception {
        Path more = Files.writeString(
                dir.resolve("more.conf"), Files.readString(ours).replace("name = ads", "name = more"));
        run(ExitCode.FAILED, "provision", more.toString());
        assertThat(err.toString()).contains("--command-config");
    }

    /** What our user tries with the other customer's things, and with what is not for a job. */
    private static Map<String, ThrowingCallable> attempts() {
        return Map.ofEntries(
                Map.entry("read their rows", () -> read(THEIRS.rows())),
                Map.entry("read their raw topic", () -> read("acme2.raw.clicks")),
                Map.entry("write into their topics", () -> write(THEIRS.shuffled())),
                Map.entry(
                        "see their topics",
                        () -> Answer.of(acme.admin()
                                .describeTopics(List.of(THEIRS.rows()))
                                .allTopicNames())),
                Map.entry("join their group", () -> join(THEIRS.group("join"))),
                Map.entry(
                        "see their offsets",
                        () -> Answer.of(acme.admin()
                                .listConsumerGroupOffsets(THEIRS.group("join"))
                                .partitionsToOffsetAndMetadata())),
                Map.entry("take their transactional id", () -> transact("acme2.ads-join-a-0")),
                Map.entry(
                        "end their transactions",
                        () -> Answer.of(acme.admin()
                                .fenceProducers(List.of("acme2.ads-join-a-0"))
                                .all())),
                Map.entry("shorten their changelog", () -> shorten(THEIRS.joinChangelog())),
                Map.entry(
                        "delete their topic",
                        () -> Answer.of(acme.admin()
                                .deleteTopics(List.of(THEIRS.unmatched()))
                                .all())));
    }

    private static Map<String, ThrowingCallable> attemptsAtHome() {
        return Map.of(
                "write into our raw topic", () -> write("acme.raw.clicks"),
                "delete our own topic",
                        () -> Answer.of(
                                acme.admin().deleteTopics(List.of(OURS.rows())).all()),
                "make a topic",
                        () -> Answer.of(acme.admin()
                                .createTopics(List.of(new NewTopic("acme.ads.mine", 1, (short) 1)))
                                .all()),
                "shorten our rows", () -> shorten(OURS.rows()),
                "lift our quotas",
                        () -> Answer.of(acme.admin()
                                .alterClientQuotas(List.of(new ClientQuotaAlteration(
                                        new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, "acme")),
                                        List.of(new ClientQuotaAlteration.Op("producer_byte_rate", null)))))
                                .all()),
                "give ourselves more",
                        () -> Answer.of(acme.admin()
                                .createAcls(List.of(
                                        allow("User:acme", ResourceType.TOPIC, THEIRS.rows(), AclOperation.READ)))
                                .all()));
    }

    @Test
    void aCustomerUsesWhatIsHisAndNothingElse() throws Throwable {
        write(OURS.shuffled());
        read(OURS.rows());
        read("acme.raw.clicks");
        join(OURS.group("join"));
        transact("acme.ads-join-a-0");
        shorten(OURS.joinChangelog());

        attemptsAtHome().forEach(TenantsIT::assertDenied);
        attempts().forEach(TenantsIT::assertDenied);
        assertThat(Answer.of(acme.admin().listTopics().names()))
                .allMatch(topic -> topic.startsWith("acme."))
                .contains(OURS.rows());
        assertThat(Answer.of(acme.admin()
                        .listGroups(ListGroupsOptions.forConsumerGroups())
                        .all()))
                .extracting(GroupListing::groupId)
                .allMatch(group -> group.startsWith("acme.ads-"));

        withoutAcls();
    }

    /** The control: where everybody may do everything, each attempt succeeds, and provision says so. */
    private void withoutAcls() throws Throwable {
        List<AclBinding> open = List.of(
                allow("User:*", ResourceType.TOPIC, "*", AclOperation.ALL),
                allow("User:*", ResourceType.GROUP, "*", AclOperation.ALL),
                allow("User:*", ResourceType.TRANSACTIONAL_ID, "*", AclOperation.ALL));
        Answer.of(admin().createAcls(open).all());
        try {
            await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> read(THEIRS.rows()));
            provision(ExitCode.OK, ours);
            assertThat(out.toString()).contains("ACL of User:*: everybody may ALL topic *, so customers are not apart");
            for (Map.Entry<String, ThrowingCallable> attempt : attempts().entrySet()) {
                if (!attempt.getKey().startsWith("delete")) {
                    attempt.getValue().call();
                }
            }
        } finally {
            Answer.of(admin().deleteAcls(open.stream().map(AclBinding::toFilter).toList())
                    .all());
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> isDenied(() -> read(THEIRS.rows())) && isDenied(() -> join(THEIRS.group("join"))));
    }

    private static void assertDenied(String what, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .as(what)
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(AuthorizationException.class),
                        e -> assertThat(e).hasCauseInstanceOf(AuthorizationException.class));
    }

    private static boolean isDenied(ThrowingCallable attempt) {
        try {
            attempt.call();
            return false;
        } catch (AuthorizationException e) {
            return true;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void read(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer = acme.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            consumer.poll(Duration.ofMillis(500));
            consumer.position(partition, Duration.ofSeconds(10));
        }
    }

    private static void write(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = acme.producer(Map.of())) {
            Answer.of(producer.send(new ProducerRecord<>(topic, 0, null, "x".getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void join(String group) {
        try (KafkaConsumer<byte[], byte[]> consumer = acme.consumer(Map.of("group.id", group))) {
            consumer.subscribe(List.of(OURS.joined()));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
        }
    }

    private static void transact(String id) {
        try (KafkaProducer<byte[], byte[]> producer = acme.producer(Map.of("transactional.id", id))) {
            producer.initTransactions();
        }
    }

    private static void shorten(String topic) {
        Answer.of(acme.admin()
                .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(0)))
                .all());
    }

    private static AclBinding allow(String principal, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
    }

    private static Admin admin() {
        return connection.admin();
    }

    private void provision(int expected, Path file, String... more) {
        List<String> words =
                new ArrayList<>(List.of("provision", file.toString(), "--command-config", kafka.administrator()));
        words.addAll(List.of(more));
        run(expected, words.toArray(String[]::new));
    }

    private void run(int expected, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        int code = Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertThat(code).as(err.toString()).isEqualTo(expected);
        assertThat(out.toString() + err).doesNotContain(SECRET).doesNotContain("admin-passw0rd");
    }
}
