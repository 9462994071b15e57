package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.local.process.Ports;
import dev.adpipe.local.tranquility.Druid28;
import dev.adpipe.output.OutputJob;
import dev.adpipe.runtime.Books;
import dev.adpipe.runtime.Clock;
import dev.adpipe.runtime.Container;
import dev.adpipe.runtime.ContainerProcess;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joined events through the output job and Tranquility, as its plugin folder has it, into a real Druid 28. */
@Tag("full")
class TranquilityIT {
    private static final long FIVE_MINUTES = Duration.ofMinutes(5).toMillis();
    private static final Duration SOON = Duration.ofMinutes(2);
    /**
     * Tranquility asks an overlord that was away 15 to 20 s after the last time, and a task that starts, as the killed ones do
     * at the same time, in pauses that double up to a minute.
     */
    private static final Duration BACK = Duration.ofMinutes(4);

    private static final int PARTITIONS = 3;

    private int made;

    @Test
    @Timeout(600)
    void rowsArriveLateOnesAreAccountedForAndAnOverlordThatWasAwayIsWaitedFor(@TempDir Path dir) throws Exception {
        try (Druid28 druid = new Druid28(Files.createDirectory(dir.resolve("druid")));
                EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"))) {
            PipelineDefinition definition = definition(dir, kafka, druid);
            long now = System.currentTimeMillis();
            long late = now - Duration.ofHours(2).toMillis();
            long next = now + FIVE_MINUTES;
            int port = new Ports().next();
            try (ContainerProcess output = new ContainerProcess(64 << 20, port)) {
                output.start(resources -> new Container(
                        OutputJob.settings(definition, "it", 0), new OutputJob(definition), Clock.SYSTEM, resources));

                send(kafka, definition, 300, now);
                send(kafka, definition, 20, late);
                awaitBooks(kafka, definition, SOON, "in:320,added:0,emitted:300,duplicate:0,held:0,d.dropped:20");
                assertThat(druid.sum("ads", "impressions", segment(now))).isEqualTo(300);
                List<ConsumerRecord<byte[], byte[]>> letters = letters(kafka, definition);
                assertThat(letters).hasSize(20).allSatisfy(letter -> {
                    assertThat(header(letter, "adpipe.reason")).isEqualTo("dropped");
                    assertThat(header(letter, "adpipe.explanation"))
                            .contains("Tranquility dropped 1 of 1 rows", "of the time " + Instant.ofEpochMilli(late));
                });

                // The next segment has no task yet, and only the overlord can start one.
                druid.killOverlord();
                send(kafka, definition, 100, next);
                send(kafka, definition, 5, late);
                await().during(Duration.ofSeconds(20))
                        .atMost(Duration.ofSeconds(25))
                        .untilAsserted(() -> assertThat(books(kafka, definition).emitted())
                                .as("committed without an answer")
                                .isEqualTo(300));

                druid.startOverlord();
                awaitBooks(kafka, definition, BACK, "in:425,added:0,emitted:400,duplicate:0,held:0,d.dropped:25");
                assertThat(druid.sum("ads", "impressions", segment(next))).isEqualTo(100);
                assertThat(letters(kafka, definition)).hasSize(25);
                assertMetrics(MetricsCatalogue.get(port, "/metrics").body());
            }
        }
    }

    /** Failed are as many as Tranquility gave back while the overlord was away. */
    private static void assertMetrics(String scrape) throws IOException {
        Set<String> served = MetricsCatalogue.served(scrape, Set.of("customer", "pipeline", "stage", "container"));
        served.removeIf(name -> !name.startsWith("adpipe_push_"));
        assertThat(served).isNotEmpty().isEqualTo(MetricsCatalogue.documented("adpipe_push_"));
        assertThat(scrape)
                .containsPattern("adpipe_push_rows_total\\{.*outcome=\"sent\".*} 400\\.0")
                .containsPattern("adpipe_push_rows_total\\{.*outcome=\"dropped\".*} 25\\.0")
                .doesNotContainPattern("adpipe_push_rows_total\\{.*outcome=\"failed\".*} 0\\.0");
    }

    private static PipelineDefinition definition(Path dir, EmbeddedKafka kafka, Druid28 druid) throws Exception {
        Path file = Files.writeString(dir.resolve("acme.conf"), """
                pipeline {
                  customer = acme, name = push
                  kafka.bootstrap.servers = "%s"
                  streams = [
                    { name = impression, topics = ["acme.raw.i"], format = json
                      key = id, event-id = id, time { field = ts, format = iso-8601 } }
                    { name = click, topics = ["acme.raw.c"], format = json
                      key = id, event-id = click, time { field = ts, format = iso-8601 }, within = 1h }
                  ]
                  shuffle.partitions = %d
                  output {
                    dimensions { campaign = impression.campaign, position { field = impression.position, type = long } }
                    metrics { impressions { on = impression, value = 1 }, spend { on = impression, field = impression.price } }
                    sink {
                      type = tranquility, datasource = ads, plugin-dir = "%s", zookeeper = "%s"
                      segment-granularity = five-minute, query-granularity = minute, window-period = 10m
                      properties.druidBeam.indexRetryPeriod = PT10S
                    }
                  }
                }
                """.formatted(
                        kafka.bootstrapServers(), PARTITIONS, TranquilityPluginIT.PLUGIN, druid.zookeeper()));
        StringWriter said = new StringWriter();
        int code = Adpipe.run(
                new PrintWriter(said), new PrintWriter(said), "provision", file.toString(), "--create-raw-topics", "1");
        assertThat(code).as(said.toString()).isZero();
        return DefinitionLoader.load(file);
    }

    private void send(EmbeddedKafka kafka, PipelineDefinition definition, int events, long time) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                TopicDump.properties(kafka.bootstrapServers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int n = 0; n < events; n++) {
                String id = "imp-" + made++;
                ByteBuffer payload = ByteBuffer.wrap(("{\"id\": \"" + id + "\", \"campaign\": \"c-" + made % 3
                                + "\", \"position\": 4, \"price\": 0.25}")
                        .getBytes(StandardCharsets.UTF_8));
                JoinedEvent event = new JoinedEvent(
                        id,
                        List.of(new JoinedEvent.Part(
                                "impression", id, time, PayloadEncoding.JSON, 0, payload, JoinedEvent.Part.ROOT, 1)));
                var unused = producer.send(new ProducerRecord<>(
                        definition.topics().joined(),
                        made % PARTITIONS,
                        id.getBytes(StandardCharsets.UTF_8),
                        EnvelopeCodec.encode(event)));
            }
        }
    }

    private static String segment(long time) {
        long from = time - time % FIVE_MINUTES;
        return Instant.ofEpochMilli(from) + "/" + Instant.ofEpochMilli(from + FIVE_MINUTES);
    }

    private static void awaitBooks(
            EmbeddedKafka kafka, PipelineDefinition definition, Duration patience, String expected) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(books(kafka, definition).encode()).isEqualTo(expected));
    }

    private static Books books(EmbeddedKafka kafka, PipelineDefinition definition) {
        return TopicDump.books(kafka.bootstrapServers(), definition.topics().group("output"));
    }

    private static List<ConsumerRecord<byte[], byte[]>> letters(EmbeddedKafka kafka, PipelineDefinition definition) {
        return TopicDump.read(kafka.bootstrapServers(), definition.topics().deadLetter());
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
