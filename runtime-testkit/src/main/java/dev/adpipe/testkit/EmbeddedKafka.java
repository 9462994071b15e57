package dev.adpipe.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka of one node, broker and controller, in this JVM, reachable on this machine only.
 *
 * <p>What it is told it keeps in its folder: started again on the same folder and port, it is the same cluster, with its
 * topics, offsets and open transactions. Nothing is replicated or fsynced, so it is for trying out and for tests. Start and
 * close by one thread; {@link #bootstrapServers()} may be called by any.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;
    private static final int ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final FileChannel lock;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, FileChannel lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /**
     * How clients have to come.
     *
     * @param protocol of the listener that clients and the broker itself use
     * @param settings of the broker, beside and in place of its own
     * @param scram    users that are there from the beginning, {@code SCRAM-SHA-512=[name=n,password=p]}
     */
    public record Security(String protocol, Map<String, String> settings, List<String> scram) {
        /** Anybody may do everything. */
        public static final Security NONE = new Security("PLAINTEXT", Map.of(), List.of());

        public Security {
            settings = Map.copyOf(settings);
            scram = List.copyOf(scram);
        }

        /** Without the settings, which hold passwords. */
        @Override
        public String toString() {
            return "Security[" + protocol + "]";
        }
    }

    /** Starts on a free port. */
    public static EmbeddedKafka start(Path dir) {
        return start(dir, Security.NONE);
    }

    /** Starts on a free port. */
    public static EmbeddedKafka start(Path dir, Security security) {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(dir, freePort(), security);
            } catch (IllegalStateException e) {
                // Between finding a free port and listening on it, another process may have taken it.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Starts, and returns when clients may connect.
     *
     * @param dir  made if it does not exist; formatted once
     * @throws IllegalStateException if the port is taken, or the folder is in use by another process
     */
    public static EmbeddedKafka start(Path dir, int port) {
        return start(dir, port, Security.NONE);
    }

    private static EmbeddedKafka start(Path dir, int port, Security security) {
        Path data = dir.toAbsolutePath().resolve("kafka-data");
        requireFree(port);
        int controllerPort = freePort();
        // Kafka looks for its own lock only when it has opened, and may have harmed, the other one's metadata log.
        FileChannel lock = lock(data);
        KafkaRaftServer server = null;
        try {
            format(data, security);
            server = new KafkaRaftServer(
                    new KafkaConfig(properties(data, port, controllerPort, security), false), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(server, lock, port);
        } catch (RuntimeException e) {
            if (server != null) {
                stopQuietly(server, e);
            }
            release(lock);
            throw new IllegalStateException(
                    "Kafka did not start on " + HOST + ":" + port + " with its data in " + data + ": " + e.getMessage()
                            + ". Is another Kafka running on this port or in this folder?",
                    e);
        }
    }

    /** {@code host:port}, for the client property of this name. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops in order; returns when it has stopped. May be called more than once. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        release(lock);
    }

    private static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As Kafka does it: connections of an earlier one that linger are no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(localhost(), port));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Kafka cannot listen on " + HOST + ":" + port + ": " + e.getMessage()
                            + ". Another process has this port, perhaps another Kafka: stop it, or choose another port.",
                    e);
        }
    }

    private static FileChannel lock(Path data) {
        Path file = data.resolveSibling("kafka.lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // By this very process: the same answer.
            release(channel);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the folder " + file.getParent() + " cannot be used for Kafka's data: " + e
                            + ". Name a folder that can be made and written to.",
                    e);
        }
        release(channel);
        throw new IllegalStateException("the folder " + file.getParent()
                + " is in use by another Kafka, which runs: stop it, or choose another folder.");
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of Kafka's folder cannot be released", e);
        }
    }

    private static void format(Path data, Security security) {
        if (Files.exists(data.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(data);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(data.toString())
                    .addDirectory(data.toString())
                    .setIgnoreFormatted(false)
                    .setScramArguments(security.scram())
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the folder " + data + " cannot be formatted for Kafka: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(Path data, int port, int controllerPort, Security security) {
        String protocol = security.protocol();
        Map<String, String> p = new HashMap<>();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE));
        p.put("log.dirs", data.toString());
        p.put("listeners", protocol + "://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        p.put("advertised.listeners", protocol + "://" + HOST + ":" + port);
        p.put("listener.security.protocol.map", protocol + ":" + protocol + ",CONTROLLER:PLAINTEXT");
        p.put("inter.broker.listener.name", protocol);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        p.put("auto.create.topics.enable", "false");
        p.put("default.replication.factor", "1");
        p.put("min.insync.replicas", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "5");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "5");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // A killed container's transaction ends this soon after its time-out, not up to ten seconds later.
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        // Session time-outs as short as tests want them.
        p.put("group.min.session.timeout.ms", "1000");
        // Index files are allocated at this size per segment; the demo's folder should not look like gigabytes.
        p.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));
        p.putAll(security.settings());
        return p;
    }

    private static InetAddress localhost() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, localhost())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + HOST, e);
        }
    }

    private static void stopQuietly(KafkaRaftServer server, RuntimeException cause) {
        try {
            server.shutdown();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
