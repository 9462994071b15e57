package dev.adpipe.runtime;

import dev.adpipe.testkit.EmbeddedKafka;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A broker beside an {@link EmbeddedKafka}, which has the controller: it may go and come back, its partitions with it. */
final class SecondBroker implements AutoCloseable {
    static final int ID = 2;

    /** As {@link EmbeddedKafka} has it. */
    static final int OFFSET_PARTITIONS = 5;

    private static final String HOST = "127.0.0.1";

    private final Map<String, String> properties = new HashMap<>();
    private KafkaRaftServer server;

    /** Starts. */
    SecondBroker(EmbeddedKafka first, Admin admin, Path dir) throws Exception {
        Path data = Files.createDirectories(dir.resolve("kafka-data"));
        RaftVoterEndpoint controller = admin.describeMetadataQuorum()
                .quorumInfo()
                .get()
                .nodes()
                .get(1)
                .endpoints()
                .get(0);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        properties.put("process.roles", "broker");
        properties.put("node.id", Integer.toString(ID));
        properties.put("log.dirs", data.toString());
        properties.put("listeners", "PLAINTEXT://" + HOST + ":" + port);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("controller.quorum.voters", "1@" + HOST + ":" + controller.port());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", Integer.toString(OFFSET_PARTITIONS));
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.num.partitions", "5");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
        properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(ID)
                .setClusterId(admin.describeCluster().clusterId().get())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data.toString())
                .addDirectory(data.toString())
                .setIgnoreFormatted(false)
                .run();
        start();
    }

    void start() {
        server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
    }

    /** Its partitions, which are nowhere else, have no leader when this returns. */
    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    @Override
    public void close() {
        stop();
    }
}
