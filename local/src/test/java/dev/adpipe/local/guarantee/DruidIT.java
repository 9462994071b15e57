package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.local.PipelineRun;
import dev.adpipe.local.PipelineStage;
import dev.adpipe.local.guarantee.DruidGround.Sums;
import dev.adpipe.local.process.JavaProcess;
import dev.adpipe.local.supervisor.Supervisor;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in a real Druid, each counted once, whatever is killed. One Druid for all tests, a pipeline for each. */
@Tag("full")
class DruidIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path OPEN_BANDIT =
            ROOT.resolveSibling("shared").resolve("data").resolve("open-bandit");
    private static final Duration PATIENCE = DruidGround.PATIENCE;
    private static final int SEEN = 200;

    @TempDir
    static Path dir;

    private static DruidGround ground;

    private final List<String> supervisors = new ArrayList<>();

    @BeforeAll
    static void start() throws InterruptedException {
        ground = new DruidGround(dir);
    }

    @AfterAll
    static void stop() {
        if (ground != null) {
            ground.close();
        }
    }

    /** Its tasks make room for others'. */
    @AfterEach
    void suspendSupervisors() {
        supervisors.forEach(id -> ground.overlord().suspend(id));
    }

    /** The control reads uncommitted and counts the aborted rows too: so the others would be seen, if they were there. */
    @Test
    void committedRowsAreCountedAndNoAbortedOnes() throws Exception {
        PipelineDefinition definition = provisioned("transactions");
        apply("transactions");
        ObjectNode control = Supervisor.spec(definition).json();
        ((ObjectNode) control.at("/spec/dataSchema")).put("dataSource", "control");
        ((ObjectNode) control.at("/spec/ioConfig/consumerProperties")).put("isolation.level", "read_uncommitted");
        ground.overlord().submit(control);
        supervisors.add("control");

        Sums committed = new Sums(0, 0, 0);
        Sums all = committed;
        try (KafkaProducer<byte[], byte[]> producer = ground.producer(Map.of("transactional.id", "druid-it"))) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 30; transaction++) {
                producer.beginTransaction();
                Sums rows = DruidRows.send(producer, definition.topics().rows(), transaction);
                // What a container writes to end a transaction that Kafka left open: no row.
                producer.send(new ProducerRecord<>(definition.topics().rows(), 0, null, null));
                all = all.plus(rows);
                if (transaction % 3 == 1) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                    committed = committed.plus(rows);
                }
            }
        }

        awaitSums("control", all);
        awaitSums("transactions", committed);
        assertThat(committed).isNotEqualTo(all);
    }

    @Test
    void countsAreExactAfterKillsOfOutputAndOfDruid() throws Exception {
        exactAfter("kills", (jobs, traffic) -> {
            jobs.first("output").kill();
            jobs.first("output").start();
            awaitGrowth("kills", traffic);

            ground.druid().process().kill();
            ground.druid().start();
            ground.druid().awaitReady(PATIENCE);
        });
    }

    @Test
    void countsAreExactAfterAKillOfTheBroker() throws Exception {
        exactAfter("broker", (jobs, traffic) -> {
            JavaProcess broker = ground.kafka().nodes().get(0).process();
            broker.kill();
            broker.start();
            ground.kafka().awaitUp();
        });
    }

    private interface Blows {
        void strike(Jobs jobs, DruidTraffic traffic) throws Exception;
    }

    private void exactAfter(String name, Blows blows) throws Exception {
        PipelineDefinition definition = provisioned(name);
        apply(name);
        try (Jobs jobs = new Jobs();
                DruidTraffic traffic = new DruidTraffic(ground, name)) {
            for (String stage : ProofPipeline.STAGES) {
                JobProcess job = new JobProcess(
                        stage,
                        "a",
                        JobProcess.mainOf(stage),
                        definition.source(),
                        dir,
                        List.of("-Xmx256m", JavaProcess.QUICK));
                jobs.add(job);
                job.start();
            }
            awaitGrowth(name, traffic);
            blows.strike(jobs, traffic);
            awaitGrowth(name, traffic);

            Sums made = traffic.stop();
            try {
                awaitSums(name, made);
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(ground.missing(definition, name), e);
            }
            assertThat(jobs.failure()).isEmpty();
        }
    }

    @Test
    void theCommandsManageTheSupervisor() throws Exception {
        PipelineDefinition definition = provisioned("managed");
        apply("managed");
        try (ManagedSupervisor supervisor = new ManagedSupervisor(ground, definition, "managed")) {
            supervisor.appliesReadsAndSaysSo();
            supervisor.restsAndGoesOnWithoutLoss();
            supervisor.losesWhatAResetSaid();
            supervisor.goesOnAfterAGap();
        }
    }

    @Test
    void theOpenBanditSampleGivesTheTruthPerItemName() throws Exception {
        assumeTrue(
                Files.isDirectory(OPEN_BANDIT),
                "skipped: the Open Bandit sample is not there; it is looked for in ../shared/data/open-bandit beside the"
                        + " checkout");
        Path file = Files.writeString(dir.resolve("bandit.conf"), """
                include required(file("%s"))
                pipeline.kafka.bootstrap.servers = "%s"
                pipeline.shuffle.idle-after = 3s
                pipeline.runtime.state-dir = "state-bandit"
                pipeline.runtime.state-memory = 64MiB
                pipeline.output.sink { type = druid-kafka, datasource = zozo_men, overlord = "%s"
                  segment-granularity = month, io { startDelay = PT1S, period = PT5S } }
                """.formatted(
                ROOT.resolve("examples/open-bandit.conf"), ground.kafka().direct(), ground.overlordUrl()));
        DruidGround.adpipe("provision", file.toString(), "--create-raw-topics", "4");
        DruidGround.adpipe("druid", "apply", file.toString());
        supervisors.add("zozo_men");
        for (String name : List.of("impressions", "clicks")) {
            DruidGround.adpipe(
                    "load",
                    "--topic",
                    "zozo.raw." + name,
                    "-f",
                    file.toString(),
                    OPEN_BANDIT.resolve(name + ".jsonl.gz").toString());
        }
        DruidGround.adpipe("run", file.toString(), "--until-drained");

        Map<String, List<Long>> truth = truthByName();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(itemsInDruid()).isEqualTo(truth));
    }

    /** From the moment that an event is made to the answer of the first query that counts it. */
    @Test
    void anEventIsSoonSeen() throws Exception {
        PipelineDefinition definition = provisioned("soon");
        apply("soon");
        try (PipelineRun jobs = PipelineRun.start(definition, EnumSet.allOf(PipelineStage.class), 1, "test");
                KafkaProducer<byte[], byte[]> producer = ground.producer(Map.of())) {
            long[] made = new long[SEEN + 1];
            long[] seen = new long[SEEN + 1];
            // The first one waits for the supervisor's first task.
            make(producer, made, 0);
            await().atMost(PATIENCE).until(() -> ground.sums("soon").impressions() == 1);

            AtomicInteger next = new AtomicInteger(1);
            ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
            clock.scheduleAtFixedRate(
                    () -> {
                        int number = next.getAndIncrement();
                        if (number <= SEEN) {
                            make(producer, made, number);
                        }
                    },
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (Arrays.stream(seen, 1, SEEN + 1).anyMatch(time -> time == 0) && System.nanoTime() < deadline) {
                List<JsonNode> rows = ground.ask("SELECT number FROM soon GROUP BY number");
                long now = System.currentTimeMillis();
                rows.stream()
                        .mapToInt(row -> row.get("number").asInt())
                        .filter(number -> seen[number] == 0)
                        .forEach(number -> seen[number] = now);
            }
            clock.shutdown();
            jobs.requireAlive();
            assertThat(Arrays.stream(seen, 1, SEEN + 1)).doesNotContain(0L);
            long[] waits = java.util.stream.IntStream.rangeClosed(1, SEEN)
                    .mapToLong(number -> seen[number] - made[number])
                    .sorted()
                    .toArray();
            System.out.printf(
                    "seconds from event to visible in a query, %d events: median %.2f, p99 %.2f, worst %.2f%n",
                    SEEN, waits[SEEN / 2] / 1e3, waits[SEEN * 99 / 100 - 1] / 1e3, waits[SEEN - 1] / 1e3);
        }
    }

    private static void make(KafkaProducer<byte[], byte[]> producer, long[] made, int number) {
        long now = System.currentTimeMillis();
        made[number] = now;
        producer.send(new ProducerRecord<>(
                "soon.impressions", DruidTraffic.json(number, 1, now).getBytes(StandardCharsets.UTF_8)));
    }

    private static PipelineDefinition provisioned(String name) throws Exception {
        Path file = ground.pipeline(name);
        DruidGround.adpipe("provision", file.toString(), "--create-raw-topics", "2");
        return DefinitionLoader.load(file);
    }

    private void apply(String name) {
        DruidGround.adpipe("druid", "apply", dir.resolve(name + ".conf").toString());
        supervisors.add(name);
    }

    /** What is made now is counted soon. */
    private static void awaitGrowth(String name, DruidTraffic traffic) {
        long mark = traffic.made().impressions() + 100;
        await().atMost(PATIENCE).until(() -> ground.sums(name).impressions() >= mark);
    }

    /** Exactly these, and no more of them a little later. */
    private static void awaitSums(String datasource, Sums right) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ground.sums(datasource)).isEqualTo(right));
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .until(() -> ground.sums(datasource).equals(right));
    }

    private static Map<String, List<Long>> itemsInDruid() {
        Map<String, List<Long>> counts = new TreeMap<>();
        ground.ask("SELECT item, SUM(impressions) AS impressions, SUM(clicks) AS clicks FROM zozo_men GROUP BY item")
                .forEach(row -> counts.put(
                        row.get("item").asText(),
                        List.of(
                                row.get("impressions").asLong(),
                                row.get("clicks").asLong())));
        return counts;
    }

    private static Map<String, List<Long>> truthByName() throws Exception {
        Map<String, String> names = new TreeMap<>();
        Files.readAllLines(OPEN_BANDIT.resolve("items.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .forEach(cells -> names.put(cells[0], cells[2]));
        Map<String, List<Long>> counts = new TreeMap<>();
        JSON.readTree(OPEN_BANDIT.resolve("truth.json").toFile())
                .get("by_item_id")
                .properties()
                .forEach(item -> counts.merge(
                        names.get(item.getKey()),
                        List.of(
                                item.getValue().get("impressions").asLong(),
                                item.getValue().get("clicks").asLong()),
                        (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1))));
        return counts;
    }
}
