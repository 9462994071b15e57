package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One customer floods the cluster while another's three jobs run: with quotas the flood is slow and the other one unharmed;
 * without, the flood is as fast as it can be. All on one machine, whose processors the flood's own clients use, too.
 */
@Tag("full")
class TenantFloodIT {
    private static final int QUOTA_MIB = 1;
    private static final int FLOODERS = 4;
    private static final Duration PHASE = Duration.ofSeconds(15);
    private static final Pattern ROW_TIME = Pattern.compile("\"__time\":\"([^\"]+)\"");

    @TempDir
    private Path dir;

    /**
     * @param mibPerSecond what the flooding customer got written
     * @param throttledMs  longest mean delay by which the broker held a flooder's answers back
     * @param p95          of the other one's delays, from event to row
     * @param behind       of the other one's slowest stage, at the phase's end
     */
    private record Measured(double mibPerSecond, double throttledMs, Duration p95, Duration behind) {}

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aFloodIsThrottledAndTheOtherCustomersBacklogStaysFlat() throws Exception {
        // Few threads, as on a broker that has much to do for each of them.
        try (SecuredKafka kafka = SecuredKafka.start(dir, Map.of("num.io.threads", "1", "num.network.threads", "1"));
                KafkaConnection administrator = kafka.connect()) {
            String quota = "quotas { producer-bytes = " + QUOTA_MIB + "MiB }";
            Path flooding = kafka.definition("acme", "\"flooding\"", quota);
            Path other = kafka.definition("beta", "\"peaceful\"", "");
            provision(kafka, flooding);
            provision(kafka, other);
            PipelineDefinition beta = DefinitionLoader.load(other);
            try (PipelineRun jobs = PipelineRun.start(beta, EnumSet.allOf(PipelineStage.class), 1, "flood");
                    Trickle trickle = new Trickle(administrator);
                    StatusReader status = StatusReader.open(beta);
                    KafkaConnection acme = KafkaConnection.open(kafka.properties("acme", "flooding"))) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> status.read().get(2).books().emitted() > 50);
                Measured before = measure(administrator, status, acme, 0);
                Measured limited = measure(administrator, status, acme, FLOODERS);
                kafka.definition("acme", "\"flooding\"", "quotas { producer-bytes = none, request-percent = none }");
                provision(kafka, flooding);
                Measured unlimited = measure(administrator, status, acme, FLOODERS);
                jobs.requireAlive();
                trickle.requireAlive();
                System.out.println("before " + before + "\nflood with quota " + limited + "\nwithout " + unlimited);

                assertThat(limited.mibPerSecond).isBetween(0.3 * QUOTA_MIB, 2.0 * QUOTA_MIB);
                assertThat(limited.throttledMs).isPositive();
                assertThat(limited.behind).isLessThan(Duration.ofSeconds(2));
                assertThat(limited.p95).isLessThan(before.p95.plusSeconds(1));
                assertThat(unlimited.mibPerSecond).as("the control").isGreaterThan(5.0 * QUOTA_MIB);
                assertThat(unlimited.throttledMs).as("the control").isZero();
                assertThat(unlimited.p95).as("the control: harm").isGreaterThan(limited.p95);
            }
        }
    }

    private static void provision(SecuredKafka kafka, Path file) {
        StringWriter err = new StringWriter();
        int code = Adpipe.run(
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "provision",
                file.toString(),
                "--command-config",
                kafka.administrator(),
                "--create-raw-topics",
                "1");
        assertThat(code).as(err.toString()).isZero();
    }

    private static Measured measure(
            KafkaConnection administrator, StatusReader status, KafkaConnection acme, int flooders)
            throws InterruptedException {
        Map<TopicPartition, Long> rows = status.ends(List.of("beta.ads.rows"));
        Flood flood = new Flood(acme, flooders);
        long began = System.nanoTime();
        Pause.millis(PHASE.toMillis());
        Duration behind = status.read().stream()
                .map(StageStatus::backlogTime)
                .max(Duration::compareTo)
                .orElseThrow();
        double seconds = (System.nanoTime() - began) / 1e9;
        double mib = flood.bytes.get() / seconds / (1 << 20);
        double throttled = flood.stop();
        return new Measured(mib, throttled, p95(administrator, rows), behind);
    }

    /** From an event's time, that of its sending, to its row's. */
    private static Duration p95(KafkaConnection administrator, Map<TopicPartition, Long> from) {
        List<Long> delays = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = administrator.consumer(Map.of())) {
            Map<TopicPartition, Long> to =
                    RecordScan.offsets(administrator.admin(), from.keySet(), OffsetSpec.latest());
            new RecordScan(consumer).scan(new HashMap<>(from), to, record -> {
                Matcher time = ROW_TIME.matcher(new String(record.value(), StandardCharsets.UTF_8));
                if (time.find()) {
                    delays.add(record.timestamp() - Instant.parse(time.group(1)).toEpochMilli());
                }
                return RecordScan.Next.GO_ON;
            });
        }
        delays.sort(null);
        assertThat(delays).hasSizeGreaterThan(50);
        return Duration.ofMillis(delays.get(delays.size() * 95 / 100));
    }

    /** Threads that write as much as they can into a topic of the customer. */
    private static final class Flood {
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final AtomicLong bytes = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private final List<Double> throttled = new ArrayList<>();

        Flood(KafkaConnection acme, int flooders) {
            for (int i = 0; i < flooders; i++) {
                Thread thread = new Thread(() -> write(acme), "flood-" + i);
                threads.add(thread);
                thread.start();
            }
        }

        private void write(KafkaConnection acme) {
            byte[] value = new byte[30_000];
            new Random().nextBytes(value);
            try (KafkaProducer<byte[], byte[]> producer = acme.producer(
                    Map.of("max.block.ms", "120000", "batch.size", "125000", "buffer.memory", "2000000"))) {
                while (going.get()) {
                    var unused = producer.send(new ProducerRecord<>("acme.ads.unmatched", value), (metadata, error) -> {
                        if (error == null) {
                            bytes.addAndGet(value.length);
                        }
                    });
                }
                double mean = producer.metrics().entrySet().stream()
                        .filter(m -> m.getKey().name().equals("produce-throttle-time-avg"))
                        .mapToDouble(m -> (double) m.getValue().metricValue())
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
                synchronized (throttled) {
                    throttled.add(mean);
                }
                producer.close(Duration.ZERO);
            }
        }

        double stop() throws InterruptedException {
            going.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
            return throttled.stream().mapToDouble(d -> d).max().orElse(0);
        }
    }

    /** Fifty events a second of the other customer, as his own servers would send them. */
    private static final class Trickle implements AutoCloseable {
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final Thread thread;

        Trickle(KafkaConnection kafka) {
            thread = new Thread(() -> write(kafka), "trickle");
            thread.start();
        }

        private void write(KafkaConnection kafka) {
            try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
                for (long i = 0; going.get(); i++) {
                    String time = ",\"timestamp\":\"" + Instant.now() + "\"}";
                    send(producer, "impressions", "{\"imp_id\":\"i" + i + "\",\"campaign\":1" + time);
                    send(producer, "clicks", "{\"imp_id\":\"i" + i + "\",\"click_id\":\"c" + i + "\"" + time);
                    Pause.millis(40);
                }
            }
        }

        private static void send(KafkaProducer<byte[], byte[]> producer, String kind, String json) {
            var unused = producer.send(new ProducerRecord<>("beta.raw." + kind, json.getBytes(StandardCharsets.UTF_8)));
        }

        void requireAlive() {
            assertThat(thread.isAlive()).isTrue();
        }

        @Override
        public void close() throws IOException {
            going.set(false);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
