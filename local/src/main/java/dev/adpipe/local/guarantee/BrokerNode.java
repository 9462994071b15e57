package dev.adpipe.local.guarantee;

import dev.adpipe.local.process.JavaProcess;
import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One Kafka node, broker and controller, as a process of its own. Each stage reaches it through a listener and a proxy of
 * its own; generator, checker and the other nodes reach it directly.
 */
final class BrokerNode implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final int id;
    private final int controllerPort;
    private final int directPort;
    private final Map<String, Integer> stagePorts = new TreeMap<>();
    private final Map<String, Integer> proxyPorts = new TreeMap<>();
    private final Map<String, CuttableProxy> proxies = new TreeMap<>();
    private final JavaProcess process;

    BrokerNode(int id, Path dir, List<String> stages, Ports ports, int heapMb) {
        this.id = id;
        controllerPort = ports.next();
        directPort = ports.next();
        for (String stage : stages) {
            int behind = ports.next();
            int front = ports.next();
            stagePorts.put(stage, behind);
            proxyPorts.put(stage, front);
            proxies.put(stage, new CuttableProxy(front, behind));
        }
        process = new JavaProcess(
                "broker-" + id,
                List.of("-Xmx" + heapMb + "m", JavaProcess.QUICK),
                List.of("kafka.Kafka", config(dir).toString()),
                dir.resolve("broker-" + id + ".log"));
    }

    private Path config(Path dir) {
        return dir.resolve("broker-" + id + ".properties");
    }

    int id() {
        return id;
    }

    String voter() {
        return id + "@" + HOST + ":" + controllerPort;
    }

    String direct() {
        return HOST + ":" + directPort;
    }

    /** What a stage's clients are told to connect to. */
    String front(String stage) {
        return HOST + ":" + proxyPorts.get(stage);
    }

    CuttableProxy proxy(String stage) {
        return proxies.get(stage);
    }

    JavaProcess process() {
        return process;
    }

    /** Makes its folder, once. */
    void format(Path dir, String clusterId, List<String> voters) {
        Path data = dir.resolve("broker-" + id);
        try {
            Files.createDirectories(data);
            StringBuilder text = new StringBuilder();
            properties(data, voters)
                    .forEach((key, value) ->
                            text.append(key).append('=').append(value).append('\n'));
            Files.writeString(config(dir), text);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(id)
                    .setClusterId(clusterId)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .setIgnoreFormatted(false)
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("the folder " + data + " cannot be formatted for Kafka", e);
        }
    }

    private Map<String, String> properties(Path data, List<String> voters) {
        StringBuilder listeners = new StringBuilder("DIRECT://" + direct());
        StringBuilder advertised = new StringBuilder("DIRECT://" + direct());
        StringBuilder protocols = new StringBuilder("DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        stagePorts.forEach((stage, port) -> {
            String name = stage.toUpperCase(java.util.Locale.ROOT);
            listeners
                    .append(',')
                    .append(name)
                    .append("://")
                    .append(HOST)
                    .append(':')
                    .append(port);
            advertised.append(',').append(name).append("://").append(front(stage));
            protocols.append(',').append(name).append(":PLAINTEXT");
        });
        listeners.append(",CONTROLLER://").append(HOST).append(':').append(controllerPort);
        String replicas = Integer.toString(Math.min(3, voters.size()));
        String minIsr = Integer.toString(Math.max(1, Math.min(3, voters.size()) - 1));
        Map<String, String> p = new TreeMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(id));
        p.put("log.dirs", data.toString());
        p.put("listeners", listeners.toString());
        p.put("advertised.listeners", advertised.toString());
        p.put("listener.security.protocol.map", protocols.toString());
        p.put("inter.broker.listener.name", "DIRECT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("controller.quorum.voters", String.join(",", voters));
        p.put("auto.create.topics.enable", "false");
        p.put("default.replication.factor", replicas);
        p.put("min.insync.replicas", minIsr);
        p.put("offsets.topic.replication.factor", replicas);
        p.put("offsets.topic.num.partitions", "3");
        p.put("transaction.state.log.replication.factor", replicas);
        p.put("transaction.state.log.min.isr", minIsr);
        p.put("transaction.state.log.num.partitions", "3");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "1000");
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        p.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        return p;
    }

    @Override
    public void close() {
        process.close();
        proxies.values().forEach(CuttableProxy::close);
    }
}
