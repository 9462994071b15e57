package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.local.supervisor.FakeOverlord;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code adpipe druid} between a real Kafka and an overlord that only pretends; a real one is asked by the full tests. */
class DruidCommandsIT {
    private static final String API = "/druid/indexer/v1/supervisor/acme_ads";

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static FakeOverlord druid;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(dir.resolve("kafka"));
        druid = FakeOverlord.start();
    }

    @AfterAll
    static void stop() {
        druid.close();
        kafka.close();
    }

    private static Path file(String name, String sink) throws IOException {
        Path file = TestPipeline.file(dir, name, kafka.bootstrapServers());
        return Files.writeString(
                file,
                Files.readString(file)
                        + "pipeline.output.sink { type = druid-kafka, datasource = acme_ads, overlord = \""
                        + druid.address() + "\"\n" + sink + " }\n");
    }

    @Test
    void aPipelinesSupervisorFromFirstToLast() throws Exception {
        String file = file("ads", "").toString();
        run(ExitCode.REFUSED, "druid", file, "apply");
        assertThat(err.toString()).contains("there is no topic acme.ads.rows yet", "adpipe provision");
        assertThat(druid.spec("acme_ads")).isNull();

        run(ExitCode.OK, "provision", file, "--create-raw-topics", "1");
        assertThat(out.toString()).contains("Druid has no supervisor acme_ads yet", "adpipe druid " + file + " apply");
        run(ExitCode.OK, "druid", file, "apply");
        assertThat(out.toString()).isEqualToIgnoringNewLines("supervisor acme_ads: created");
        run(ExitCode.OK, "druid", "apply", file);
        assertThat(out.toString()).isEqualToIgnoringNewLines("supervisor acme_ads: unchanged");
        run(ExitCode.OK, "provision", file);
        assertThat(out.toString()).contains("supervisor acme_ads is there");

        run(ExitCode.OK, "druid", file("ads", "rollup = false").toString(), "apply");
        assertThat(out.toString()).isEqualToIgnoringNewLines("supervisor acme_ads: updated");
        run(ExitCode.OK, "provision", file("ads", "").toString());
        assertThat(out.toString()).contains("supervisor acme_ads is not as the definition says", "apply");

        run(ExitCode.OK, "druid", file, "suspend");
        assertThat(druid.spec("acme_ads").path("suspended").asBoolean()).isTrue();
        run(ExitCode.OK, "druid", file, "resume");
        assertThat(druid.spec("acme_ads").path("suspended").asBoolean()).isFalse();

        rows("acme.ads.rows", 40);
        statusIs("\"0\": 30, \"1\": 50, \"2\": 0");
        run(ExitCode.OK, "druid", file, "status");
        assertThat(out.toString()).contains("supervisor acme_ads: RUNNING; tasks: 1 reading, 0 publishing; lag: 3");

        // Offset 50 lies beyond the log's end: only that partition cannot go on.
        run(ExitCode.REFUSED, "druid", file, "reset");
        assertThat(out.toString()).contains("the topic was made anew").doesNotContain("rows-0");
        assertThat(err.toString()).contains("no terminal to ask at");
        druid.answer("POST " + API + "/resetOffsets", "200 {\"id\":\"acme_ads\"}");
        run(ExitCode.OK, "druid", file, "reset", "--yes");
        assertThat(sent()).contains("\"partitionOffsetMap\":{\"1\":0}", "\"stream\":\"acme.ads.rows\"");

        run(ExitCode.OK, "druid", file, "reset", "--to", "earliest", "--yes");
        assertThat(out.toString())
                .contains("acme.ads.rows-0: the log holds 0 to 40, published is up to 30", "repeated: 30 records");
        run(ExitCode.OK, "druid", file, "reset", "--to", "latest", "--yes");
        assertThat(out.toString()).contains("lost: 10 records that are not published");
        assertThat(sent()).contains("\"partitionOffsetMap\":{\"0\":40,\"1\":0,\"2\":0}");

        statusIs("\"0\": 30, \"1\": 0, \"2\": 0");
        run(ExitCode.OK, "druid", file, "reset");
        assertThat(out.toString()).contains("Nothing to reset: every partition can go on where it is");
    }

    @Test
    void whatIsShownHasNoSecrets() throws Exception {
        String file = file(
                        "shown",
                        "credentials { user = u, password = tops3cret }\nkafka { sasl.jaas.config = tops3cret }")
                .toString();
        run(ExitCode.OK, "druid", file, "show", "--replay", "fix");
        assertThat(out.toString())
                .contains("\"topic\" : \"acme.shown-replay-fix.rows\"", "\"dataSource\" : \"acme_ads-replay-fix\"")
                .doesNotContain("tops3cret");
    }

    private static String sent() {
        List<String> requests = druid.requests();
        return requests.get(requests.size() - 1);
    }

    private static void statusIs(String starting) {
        druid.answer("GET " + API + "/status", """
                200 {"id": "acme_ads", "payload": {"state": "RUNNING", "detailedState": "RUNNING", "healthy": true,
                "activeTasks": [{"id": "t", "startingOffsets": {STARTING}, "currentOffsets": {"0": 37}}],
                "minimumLag": {"0": 3}, "latestOffsets": {"0": 40}}}
                """.replace("STARTING", starting));
    }

    private static void rows(String topic, int count) {
        try (KafkaConnection connection = KafkaConnection.open(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, "{}".getBytes(StandardCharsets.UTF_8)));
            }
            producer.flush();
        }
    }

    private void run(int expected, String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        assertThat(Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args))
                .as("%s%n%s%s", String.join(" ", args), out, err)
                .isEqualTo(expected);
    }
}
