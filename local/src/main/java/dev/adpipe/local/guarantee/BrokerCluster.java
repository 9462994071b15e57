package dev.adpipe.local.guarantee;

import dev.adpipe.local.process.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** The Kafka of one run: one node or three. */
final class BrokerCluster implements AutoCloseable {
    private static final Duration UP_WITHIN = Duration.ofSeconds(90);
    private static final Duration ONE_LOOK = Duration.ofSeconds(2);

    private final List<BrokerNode> nodes = new ArrayList<>();

    /** Starts all nodes; returns when they answer. */
    BrokerCluster(Path dir, int brokers, List<String> stages, Ports ports, int heapMb) {
        try {
            for (int id = 1; id <= brokers; id++) {
                nodes.add(new BrokerNode(id, dir, stages, ports, heapMb));
            }
            List<String> voters = nodes.stream().map(BrokerNode::voter).toList();
            String clusterId = Uuid.randomUuid().toString();
            nodes.forEach(node -> node.format(dir, clusterId, voters));
            nodes.forEach(node -> node.process().start());
            awaitUp();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    List<BrokerNode> nodes() {
        return List.copyOf(nodes);
    }

    /** For whoever no fault is to touch but the brokers' own. */
    String direct() {
        return nodes.stream().map(BrokerNode::direct).collect(Collectors.joining(","));
    }

    /** For the clients of a stage, through its proxies. */
    String front(String stage) {
        return nodes.stream().map(node -> node.front(stage)).collect(Collectors.joining(","));
    }

    void set(String stage, CuttableProxy.Mode mode) {
        nodes.forEach(node -> node.proxy(stage).set(mode));
    }

    /** Until every node is registered, and all the others know it. */
    void awaitUp() {
        long deadline = System.nanoTime() + UP_WITHIN.toNanos();
        for (BrokerNode node : nodes) {
            while (answering(node) < nodes.size()) {
                if (!node.process().alive()) {
                    throw new IllegalStateException(node.process().name() + " has ended with "
                            + node.process().exitCode() + ", see "
                            + node.process().log());
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("not all brokers are up after " + UP_WITHIN.toSeconds() + " s, see "
                            + node.process().log());
                }
                Wait.millis(100);
            }
        }
    }

    /** How many brokers this one knows. */
    private static int answering(BrokerNode node) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                node.direct(),
                "default.api.timeout.ms",
                (int) ONE_LOOK.toMillis(),
                "request.timeout.ms",
                (int) ONE_LOOK.toMillis() / 2);
        Admin admin = Admin.create(properties);
        try {
            return admin.describeCluster()
                    .nodes()
                    .get(ONE_LOOK.toMillis(), TimeUnit.MILLISECONDS)
                    .size();
        } catch (ExecutionException | TimeoutException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        nodes.forEach(BrokerNode::close);
    }
}
