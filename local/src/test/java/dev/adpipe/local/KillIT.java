package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.runtime.Books;
import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs as processes, killed by SIGKILL in the middle of their work and started again, local state kept and deleted; then
 * every row is compared with {@link BatchJoin} over the raw topics. Events are in time and their copies identical, so
 * what comes out does not depend on the order of arrival.
 */
class KillIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 4;
    private static final long WITHIN = 30_000;
    private static final long SKEW = 5_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private EmbeddedKafka kafka;
    private PipelineDefinition definition;
    private Topics topics;
    private volatile boolean loading = true;

    @Test
    void noRowIsLostAndNoneIsThereTwice() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillIT seed " + seed);
        Path file = dir.resolve("kill.conf");
        try (EmbeddedKafka started = EmbeddedKafka.start(dir.resolve("kafka"))) {
            kafka = started;
            Files.writeString(file, text());
            definition = DefinitionLoader.load(file);
            topics = definition.topics();
            provision();
            try (JobProcess shuffle = job("shuffle", file);
                    JobProcess join = job("join", file);
                    JobProcess output = job("output", file)) {
                List<JobProcess> jobs = List.of(shuffle, join, output);
                jobs.forEach(JobProcess::start);
                Thread load = new Thread(() -> load(seed), "load");
                load.start();
                try {
                    faults(jobs, new Random(seed));
                } finally {
                    loading = false;
                    load.join();
                }
                awaitDrained();
                for (JobProcess job : jobs) {
                    assertThat(job.terminate())
                            .as("exit code of " + job.stage())
                            .isZero();
                }
            }
            compare();
        }
    }

    private JobProcess job(String stage, Path file) {
        return new JobProcess(stage, file, dir.resolve(stage + ".log"));
    }

    private void faults(List<JobProcess> jobs, Random random) throws Exception {
        awaitMoreRows(500);
        for (JobProcess job : jobs) {
            killAndStart(job, false);
        }
        killAndStart(jobs.get(1), true);
        List<JobProcess> victims = List.of(jobs.get(random.nextInt(3)), jobs.get(random.nextInt(3)));
        for (JobProcess job : victims) {
            killAndStart(job, random.nextBoolean());
        }
        for (JobProcess job : jobs) {
            job.kill();
        }
        jobs.forEach(JobProcess::start);
        awaitMoreRows(500);
    }

    private void killAndStart(JobProcess job, boolean deleteState) throws Exception {
        assertThat(job.alive()).as(job.stage() + " lives, see " + dir).isTrue();
        job.kill();
        // Only the join has local state; nobody deletes it under a running job.
        if (deleteState && job.stage().equals("join")) {
            delete(dir.resolve("state"));
        }
        job.start();
        awaitMoreRows(500);
    }

    private void awaitMoreRows(int more) throws Exception {
        long before = end(topics.rows());
        await().atMost(PATIENCE).until(() -> end(topics.rows()) > before + more);
    }

    /** Each stage has done what the one before it gave; ticks go on, so offsets never stand still. */
    private void awaitDrained() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Books shuffle = books("shuffle");
            assertThat(shuffle.in()).isEqualTo(end("acme.raw.impressions") + end("acme.raw.clicks"));
            Books join = books("join");
            assertThat(join.in()).isEqualTo(shuffle.emitted());
            assertThat(books("output").in()).isEqualTo(join.emitted());
        });
    }

    private void compare() throws Exception {
        BatchJoin oracle = new BatchJoin(WITHIN, SKEW);
        read("acme.raw.impressions").forEach(record -> oracle.impression(record.value()));
        read("acme.raw.clicks").forEach(record -> oracle.click(record.value()));
        List<String> rows = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : read(topics.rows())) {
            JsonNode row = JSON.readTree(record.value());
            boolean click = row.get("clicks").asInt() == 1;
            assertThat(row.get("impressions").asInt()).isEqualTo(click ? 0 : 1);
            rows.add(row.get("imp_id").asText() + "/"
                    + (click ? row.get("click_id").asText() : "-") + "/"
                    + row.get("campaign").asText());
        }
        assertThat(BatchJoin.count(rows)).isEqualTo(oracle.rows());
        assertThat(oracle.rows()).hasSizeGreaterThan(3_000);
        Books shuffle = books("shuffle");
        Books join = books("join");
        Books output = books("output");
        assertThat(List.of(shuffle.imbalance(), join.imbalance(), output.imbalance()))
                .containsOnly(0L);
        assertThat(shuffle.deadLettered())
                .isEqualTo(oracle.malformed())
                .isEqualTo(read(topics.deadLetter()).size());
        assertThat(join.duplicate()).isEqualTo(oracle.copies());
        assertThat(join.unmatched() + join.held()).isEqualTo(oracle.unmatched());
        assertThat(output.emitted()).isEqualTo(rows.size());
    }

    private void provision() throws Exception {
        try (Admin admin = Admin.create(TopicDump.properties(kafka.bootstrapServers()))) {
            new Provisioner(definition, admin, line -> {}).provision(Provisioner.Options.local(3));
        }
    }

    /** About 400 impressions a second, clicks, copies, clicks without impressions, clicks first, broken records. */
    private void load(long seed) {
        Random random = new Random(seed);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                TopicDump.properties(kafka.bootstrapServers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; loading; n++) {
                if (n % 20 == 0) {
                    LockSupport.parkNanos(50_000_000);
                }
                String id = "i" + n;
                long now = System.currentTimeMillis();
                byte[] impression =
                        utf8("{\"imp_id\":\"%s\",\"timestamp\":%d,\"campaign\":\"c%d\"}".formatted(id, now, n % 7));
                String clickOn = random.nextInt(20) == 0 ? "nobody" + n : id;
                byte[] click = utf8("{\"imp_id\":\"%s\",\"click_id\":\"k%d\",\"timestamp\":%d}"
                        .formatted(clickOn, n, now + random.nextInt(2_000)));
                boolean clicked = random.nextInt(4) == 0;
                boolean clickFirst = random.nextInt(5) == 0;
                if (clicked && clickFirst) {
                    send(producer, random, "acme.raw.clicks", click);
                }
                send(producer, random, "acme.raw.impressions", impression);
                if (clicked && !clickFirst) {
                    send(producer, random, "acme.raw.clicks", click);
                }
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, Random random, String topic, byte[] value) {
        producer.send(new ProducerRecord<>(topic, value));
        int dice = random.nextInt(100);
        if (dice < 3) {
            producer.send(new ProducerRecord<>(topic, value));
        } else if (dice == 3) {
            producer.send(new ProducerRecord<>(topic, utf8("{\"imp_id\":\"broken")));
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String text() {
        return """
                pipeline {
                  customer = acme
                  name = kill
                  kafka.bootstrap.servers = "%s"
                  streams = [
                    { name = impression, topics = ["acme.raw.impressions"], format = json
                      key = imp_id, event-id = imp_id, time = { field = timestamp, format = epoch-millis } }
                    { name = click, topics = ["acme.raw.clicks"], format = json
                      key = imp_id, event-id = click_id, time = { field = timestamp, format = epoch-millis }
                      within = %d ms }
                  ]
                  shuffle { partitions = %d, tick-interval = 500ms, idle-after = 5s }
                  join { lateness = 3m, skew = %d ms }
                  output {
                    dimensions {
                      imp_id = impression.imp_id
                      click_id = click.click_id
                      campaign = impression.campaign
                    }
                    metrics {
                      impressions = { on = impression, value = 1 }
                      clicks = { on = click, value = 1 }
                    }
                    sink { type = topic }
                  }
                  runtime { commit-interval = 100ms, state-dir = "state", state-memory = 64MiB, session-timeout = 10s }
                }
                """.formatted(kafka.bootstrapServers(), WITHIN, PARTITIONS, SKEW);
    }

    private Books books(String stage) {
        return TopicDump.books(kafka.bootstrapServers(), topics.group(stage));
    }

    private long end(String topic) {
        return TopicDump.end(kafka.bootstrapServers(), topic);
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return TopicDump.read(kafka.bootstrapServers(), topic);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return; // killed again before it had any state
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
