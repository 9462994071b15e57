package dev.adpipe.local.druid.server;

import dev.adpipe.local.druid.node.DruidNodes;
import dev.adpipe.local.druid.node.NodeRole;
import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The configuration of a small Druid: all nodes in one JVM, everything in one folder, on this machine only. What is left out is
 * as Druid has it by default. Pure but for {@link #write}.
 */
final class DruidConfig {
    static final String HOST = "127.0.0.1";

    private static final String LOG4J = """
        <Configuration status="WARN">
          <Appenders>
            <Console name="out"><PatternLayout pattern="%d{HH:mm:ss.SSS} %-5level [%thread] %logger{1} %msg%n%ex"/></Console>
          </Appenders>
          <Loggers><Root level="WARN"><AppenderRef ref="out"/></Root></Loggers>
        </Configuration>
        """;

    private final Path dir;
    private final Map<NodeRole, Integer> ports = new EnumMap<>(NodeRole.class);
    private final int zooKeeperPort;
    private final int derbyPort;

    /**
     * @param dir where it all is; a Druid started there again goes on where the last one ended
     */
    DruidConfig(Path dir, Ports free) {
        this.dir = dir.toAbsolutePath().normalize();
        for (NodeRole role : NodeRole.values()) {
            ports.put(role, free.next());
        }
        zooKeeperPort = free.next();
        derbyPort = free.next();
    }

    int port(NodeRole role) {
        return ports.get(role);
    }

    /** Where {@link DruidNodes} finds its configuration. */
    Path conf() {
        return dir.resolve("conf");
    }

    Path log4j() {
        return conf().resolve("log4j2.xml");
    }

    Path derbyLog() {
        return dir.resolve("derby.log");
    }

    Path tmp() {
        return dir.resolve("tmp");
    }

    Path log() {
        return dir.resolve("druid.log");
    }

    void write(List<Path> jars) {
        try {
            Files.createDirectories(conf());
            Files.createDirectories(tmp());
            Files.write(
                    conf().resolve(DruidNodes.JARS),
                    jars.stream().map(Path::toString).toList());
            Files.writeString(log4j(), LOG4J);
            write(
                    DruidNodes.ZOOKEEPER,
                    Map.of(
                            "baseDir",
                            folder("zookeeper"),
                            "clientPort",
                            Integer.toString(zooKeeperPort),
                            "clientPortAddress",
                            HOST,
                            "tickTime",
                            "500"));
            for (NodeRole role : NodeRole.values()) {
                write(role.id(), node(role));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Druid's configuration cannot be written to " + conf(), e);
        }
    }

    private void write(String name, Map<String, String> values) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        try (Writer out = Files.newBufferedWriter(conf().resolve(name + ".properties"))) {
            properties.store(out, null);
        }
    }

    private Map<String, String> node(NodeRole role) {
        Map<String, String> p = common();
        p.put("druid.service", "druid/" + role.id());
        p.put("druid.plaintextPort", Integer.toString(port(role)));
        p.put("druid.processing.tmpDir", folder("tmp/" + role.id()));
        switch (role) {
            case COORDINATOR -> {
                p.put("druid.coordinator.startDelay", "PT1S");
                p.put("druid.coordinator.period", "PT5S");
                p.put("druid.coordinator.asOverlord.enabled", "true");
                p.put("druid.coordinator.asOverlord.overlordService", "druid/overlord");
                p.put("druid.manager.segments.pollDuration", "PT5S");
                p.put("druid.indexer.queue.startDelay", "PT1S");
                p.put("druid.indexer.runner.type", "httpRemote");
                p.put("druid.indexer.storage.type", "metadata");
            }
            case INDEXER -> {
                p.put("druid.worker.capacity", "3");
                p.put("druid.worker.globalIngestionHeapLimitBytes", "100000000");
                p.put("druid.indexer.task.baseTaskDir", folder("tasks"));
            }
            case HISTORICAL -> {
                p.put("druid.server.maxSize", "10g");
                p.put(
                        "druid.segmentCache.locations",
                        "[{\"path\":\"" + folder("segment-cache") + "\",\"maxSize\":\"10g\"}]");
            }
            case BROKER -> {
                p.put("druid.broker.cache.useCache", "false");
                p.put("druid.broker.cache.populateCache", "false");
                // How soon SQL knows of a new table.
                p.put("druid.sql.planner.metadataRefreshPeriod", "PT1S");
            }
        }
        return p;
    }

    private Map<String, String> common() {
        Map<String, String> p = new TreeMap<>();
        p.put("druid.host", HOST);
        p.put("druid.bindOnHost", "true");
        // Extensions are on the class path, not in folders of their own.
        p.put("druid.extensions.loadList", "[]");
        p.put("druid.extensions.searchCurrentClassloader", "true");
        p.put("druid.extensions.directory", folder("extensions"));
        p.put("druid.zk.service.host", HOST + ":" + zooKeeperPort);
        p.put("druid.metadata.storage.type", "derby");
        p.put(
                "druid.metadata.storage.connector.connectURI",
                "jdbc:derby://" + HOST + ":" + derbyPort + "/" + folder("metadata") + ";create=true");
        p.put("druid.metadata.storage.connector.host", HOST);
        p.put("druid.metadata.storage.connector.port", Integer.toString(derbyPort));
        p.put("druid.storage.type", "local");
        p.put("druid.storage.storageDirectory", folder("segments"));
        p.put("druid.indexer.logs.type", "file");
        p.put("druid.indexer.logs.directory", folder("task-logs"));
        p.put("druid.selectors.indexing.serviceName", "druid/overlord");
        p.put("druid.selectors.coordinator.serviceName", "druid/coordinator");
        p.put("druid.emitter", "noop");
        p.put("druid.monitoring.monitors", "[]");
        p.put("druid.lookup.enableLookupSyncOnStartup", "false");
        p.put("druid.sql.enable", "true");
        p.put("druid.server.http.numThreads", "12");
        p.put("druid.server.http.gracefulShutdownTimeout", "PT1S");
        p.put("druid.processing.numThreads", "1");
        p.put("druid.processing.numMergeBuffers", "2");
        p.put("druid.processing.buffer.sizeBytes", "16MiB");
        return p;
    }

    private String folder(String name) {
        return dir.resolve(name).toString();
    }
}
