package dev.adpipe.local.tranquility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A real ZooKeeper and a real Druid 28, as far as it takes to push rows and to query them: a coordinator that is the overlord
 * too, and the tasks that it starts. A task answers queries about its own rows itself.
 */
public final class Druid28 implements AutoCloseable {
    private static final Ports PORTS = new Ports();
    private static final Duration UP = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OPENED = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");
    private static final List<String> SMALL =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-Duser.timezone=UTC");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int zookeeperPort = PORTS.next();
    private final int port = PORTS.next();
    private final JavaNode zookeeper;
    private final JavaNode overlord;

    /**
     * Starts both and waits until the overlord leads.
     *
     * @param folder an empty one
     */
    public Druid28(Path folder) throws Exception {
        String classPath = classPath(folder);
        Path logging = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(logging.resolve("log4j2.xml"), """
                <Configuration><Appenders><Console name="c"><PatternLayout pattern="%d %p %c{1} %m%n"/></Console></Appenders>
                <Loggers><Root level="info"><AppenderRef ref="c"/></Root></Loggers></Configuration>
                """);
        String full = logging + ":" + classPath;
        zookeeper = new JavaNode(
                "zookeeper",
                words(
                        SMALL,
                        List.of(
                                "-cp",
                                full,
                                // Its own web server has a fixed port.
                                "-Dzookeeper.admin.enableServer=false",
                                // An empty folder of announcements is removed at once, and not within a minute.
                                "-Dznode.container.checkIntervalMs=1000",
                                "org.apache.zookeeper.server.ZooKeeperServerMain",
                                Integer.toString(zookeeperPort),
                                Files.createDirectories(folder.resolve("zk")).toString())),
                folder);
        List<String> properties = new ArrayList<>();
        properties(folder, full).forEach((key, value) -> properties.add("-D" + key + "=" + value));
        overlord = new JavaNode(
                "overlord",
                words(
                        SMALL,
                        OPENED,
                        properties,
                        List.of("-cp", full, "org.apache.druid.cli.Main", "server", "coordinator")),
                folder);
        try {
            zookeeper.start();
            startOverlord();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private Map<String, String> properties(Path folder, String classPath) {
        Map<String, String> p = new TreeMap<>();
        p.put("druid.host", "127.0.0.1");
        p.put("druid.bindOnHost", "true");
        p.put("druid.plaintextPort", Integer.toString(port));
        p.put("druid.service", "druid/coordinator");
        p.put("druid.extensions.loadList", "[]");
        p.put("druid.extensions.directory", folder.resolve("ext").toString());
        p.put("druid.zk.service.host", zookeeper());
        p.put("druid.zk.service.sessionTimeoutMs", "6000");
        p.put("druid.metadata.storage.type", "derby");
        int derbyPort = PORTS.next();
        p.put(
                "druid.metadata.storage.connector.connectURI",
                "jdbc:derby://127.0.0.1:" + derbyPort + "/" + folder.resolve("derby") + ";create=true");
        p.put("druid.metadata.storage.connector.host", "127.0.0.1");
        p.put("druid.metadata.storage.connector.port", Integer.toString(derbyPort));
        p.put("druid.storage.type", "local");
        p.put("druid.storage.storageDirectory", folder.resolve("segments").toString());
        p.put("druid.indexer.logs.type", "file");
        p.put("druid.indexer.logs.directory", folder.resolve("task-logs").toString());
        p.put("druid.emitter", "noop");
        p.put("druid.monitoring.monitors", "[]");
        p.put("druid.lookup.enableLookupSyncOnStartup", "false");
        p.put("druid.server.http.numThreads", "10");
        p.put("druid.coordinator.startDelay", "PT1S");
        p.put("druid.coordinator.asOverlord.enabled", "true");
        p.put("druid.coordinator.asOverlord.overlordService", "druid/overlord");
        p.put("druid.indexer.queue.startDelay", "PT1S");
        p.put("druid.indexer.storage.type", "metadata");
        p.put("druid.indexer.runner.type", "local");
        p.put("druid.worker.capacity", "4");
        p.put("druid.indexer.runner.startPort", Integer.toString(PORTS.next()));
        p.put("druid.indexer.runner.classpath", classPath);
        p.put("druid.indexer.runner.javaOptsArray", "[\"" + String.join("\",\"", words(SMALL, OPENED)) + "\"]");
        p.put("druid.indexer.task.baseTaskDir", folder.resolve("tasks").toString());
        p.put("druid.indexer.fork.property.druid.processing.buffer.sizeBytes", "10000000");
        p.put("druid.indexer.fork.property.druid.processing.numThreads", "1");
        p.put("druid.indexer.fork.property.druid.processing.numMergeBuffers", "1");
        p.put("druid.processing.buffer.sizeBytes", "10000000");
        p.put("druid.processing.numThreads", "1");
        p.put("druid.processing.numMergeBuffers", "1");
        return p;
    }

    /** As a client wants it. */
    public String zookeeper() {
        return "127.0.0.1:" + zookeeperPort;
    }

    public void startOverlord() throws Exception {
        overlord.start();
        await().atMost(UP)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(get("/druid/indexer/v1/isLeader").statusCode())
                                .isEqualTo(200));
    }

    /** SIGKILL; its tasks, which are its children, go with it. */
    public void killOverlord() throws InterruptedException {
        overlord.kill();
    }

    /**
     * Adds up a metric over the rows that the running tasks of the datasource hold.
     *
     * @param interval as Druid writes it, {@code from/to}
     */
    public long sum(String datasource, String metric, String interval) throws Exception {
        String query = """
                {"queryType": "timeseries", "dataSource": "%s", "granularity": "all", "intervals": ["%s"],
                 "aggregations": [{"type": "longSum", "name": "sum", "fieldName": "%s"}]}
                """.formatted(datasource, interval, metric);
        long sum = 0;
        for (JsonNode task : JSON.readTree(get("/druid/indexer/v1/runningTasks").body())) {
            if (!task.path("dataSource").asText().equals(datasource)) {
                continue;
            }
            JsonNode at = task.path("location");
            URI uri = URI.create(
                    "http://" + at.path("host").asText() + ":" + at.path("port").asInt() + "/druid/v2");
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(query))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(uri + ": " + answer.body()).isEqualTo(200);
            for (JsonNode bucket : JSON.readTree(answer.body())) {
                sum += bucket.path("result").path("sum").asLong();
            }
        }
        return sum;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @SafeVarargs
    private static List<String> words(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    /** By Maven, which keeps the jars where it keeps all. */
    private static String classPath(Path folder) throws Exception {
        Path pom = folder.resolve("pom.xml");
        try (InputStream in = Druid28.class.getResourceAsStream("druid28-jars.xml")) {
            Files.copy(in, pom);
        }
        Path list = folder.resolve("druid.classpath");
        Path log = folder.resolve("maven.log");
        Process maven = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "-ntp",
                        "-f",
                        pom.toString(),
                        "dependency:build-classpath",
                        "-Dmdep.includeScope=runtime",
                        "-Dmdep.outputFile=" + list)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(maven.waitFor(10, TimeUnit.MINUTES))
                .as("Druid's jars are fetched")
                .isTrue();
        assertThat(maven.exitValue()).as(Files.readString(log)).isZero();
        return Files.readString(list).strip();
    }

    @Override
    public void close() throws InterruptedException {
        overlord.close();
        zookeeper.close();
    }
}
