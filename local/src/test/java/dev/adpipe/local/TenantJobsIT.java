package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The three jobs as a process, and every command, with the ACLs that provision makes; and no secret anywhere. */
@Tag("full")
class TenantJobsIT {
    private static final String SECRET = "Acme-P4ssw0rd-nobody-may-see";
    private static final int EVENTS = 300;

    @TempDir
    private Path dir;

    private final StringBuilder said = new StringBuilder();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void jobsAndCommandsNeedNoOtherAclsAndNothingShowsThePassword() throws Exception {
        Files.writeString(dir.resolve("acme.password"), SECRET + "\n");
        try (SecuredKafka kafka = SecuredKafka.start(dir, Map.of());
                KafkaConnection administrator = kafka.connect()) {
            int port = freePort();
            Path file = kafka.definition("acme", "UNUSED", "");
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("password = UNUSED,", "password-file = \"acme.password\"")
                            .replace("runtime {", "runtime { metrics-port = " + port + ","));
            run(0, "provision", file.toString(), "--command-config", kafka.administrator(), "--create-raw-topics", "2");
            PipelineDefinition definition = DefinitionLoader.load(file);
            Instant begun = Instant.now();
            traffic(administrator);
            Path log = dir.resolve("jobs.log");
            Process jobs = jobs(file, log);
            try {
                await().atMost(Duration.ofSeconds(90)).until(() -> rows(definition) >= 2 * EVENTS - 2);
                said.append(metrics(port));
                assertNoSecretOnAnyCommandLine();
                run(0, "status", file.toString());
                for (String topic :
                        List.of("shuffled", "joined", "rows", "dead-letter", "join-changelog", "acme.raw.clicks")) {
                    run(0, "peek", file.toString(), topic, "--max", "1");
                }
                run(0, "dead-letters", file.toString(), "list");
                assertThat(said.toString()).contains("malformed", "bad-value");
                run(0, "dead-letters", file.toString(), "replay");
            } finally {
                jobs.destroy();
                assertThat(jobs.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(jobs.exitValue()).isZero();
            GroupMembers.removeStopped(
                    administrator.admin(), definition.topics().group("output"));
            Answer.of(administrator
                    .admin()
                    .deleteConsumerGroups(List.of(definition.topics().group("output")))
                    .all());
            run(0, "reset", file.toString(), "--stage", "output", "--to", "latest", "--yes", "--remove-stopped");
            run(0, "run", file.toString(), "--until-drained", "--containers", "2");
            Instant end = Instant.now();
            String[] replay = {"replay", file.toString(), "--from", "" + begun, "--to", "" + end, "--name", "again"};
            run(
                    0,
                    Stream.concat(Stream.of(replay), Stream.of("--command-config", kafka.administrator()))
                            .toArray(String[]::new));
            run(0, "replay", file.toString(), "--delete", "again", "--command-config", kafka.administrator());

            String everything = said + Files.readString(log);
            assertThat(Files.readString(log))
                    .as("the search reaches what the clients say of their settings")
                    .contains("sasl.jaas.config = [hidden]");
            assertThat(everything).doesNotContain(SECRET, "store-password", "admin-passw0rd");
            assertThat(everything).as("refused by ACLs").doesNotContain("Not authorized", "AuthorizationException");
        }
    }

    /** All three jobs; their clients say at level DEBUG whatever they say. */
    private static Process jobs(Path file, Path log) throws IOException {
        Path logback = Files.writeString(file.resolveSibling("debug.xml"), """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %-5level %logger{20} %msg%n%ex</pattern></encoder>
                  </appender>
                  <logger name="org.apache.kafka.common.security" level="DEBUG"/>
                  <logger name="org.apache.kafka.clients.NetworkClient" level="INFO"/>
                  <root level="INFO"><appender-ref ref="out"/></root>
                </configuration>
                """);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + logback,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.adpipe.local.Adpipe",
                        "run",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Impressions and their clicks; one record that is no JSON, one with a campaign that is no number. */
    private static void traffic(KafkaConnection kafka) {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
            for (int i = 0; i < EVENTS; i++) {
                String time = "\"timestamp\":\"" + Instant.now() + "\"}";
                String campaign = i == 7 ? "\"seven\"" : Integer.toString(i % 5);
                send(producer, "impressions", "{\"imp_id\":\"i" + i + "\",\"campaign\":" + campaign + "," + time);
                send(producer, "clicks", "{\"imp_id\":\"i" + i + "\",\"click_id\":\"c" + i + "\"," + time);
            }
            send(producer, "clicks", "{\"imp_id\":");
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String kind, String json) {
        var unused = producer.send(new ProducerRecord<>("acme.raw." + kind, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static long rows(PipelineDefinition definition) {
        try (StatusReader status = StatusReader.open(definition)) {
            return status.read().get(2).books().emitted();
        }
    }

    private static String metrics(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static void assertNoSecretOnAnyCommandLine() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    lines.add(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    lines.add("ended meanwhile");
                }
            }
        }
        assertThat(lines).anyMatch(line -> line.contains("debug.xml")).noneMatch(line -> line.contains(SECRET));
    }

    private void run(int expected, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        said.append(out).append(err);
        assertThat(code).as(String.join(" ", args) + ": " + err).isEqualTo(expected);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
