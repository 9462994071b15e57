package dev.adpipe.local.druid.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * ZooKeeper and Druid's nodes in one JVM. {@code main} takes the folder of their configuration: {@code jars}, a path a line;
 * {@code zookeeper.properties}; and a file for each node, such as {@code broker.properties}.
 *
 * <p>It runs until its parent is gone, or a node ends: half a Druid would only puzzle whoever asks it.
 */
public final class DruidNodes {
    public static final String JARS = "jars";
    public static final String ZOOKEEPER = "zookeeper";

    private DruidNodes() {}

    public static void main(String[] args) throws Exception {
        Parent.ignoreInterrupts();
        Parent.endWithIt();
        Path config = Path.of(args[0]);
        Loaders loaders = new Loaders(
                Files.readAllLines(config.resolve(JARS)).stream().map(Path::of).toList());
        ZooKeeper.start(loaders.common(), properties(config, ZOOKEEPER));
        for (NodeRole role : NodeRole.values()) {
            Properties properties = properties(config, role.id());
            Thread thread = new Thread(() -> run(role, loaders, properties), "druid-" + role.id());
            thread.start();
        }
    }

    private static void run(NodeRole role, Loaders loaders, Properties properties) {
        int code = 0;
        try {
            role.run(loaders.ofNode(), properties);
        } catch (Throwable e) {
            code = 1;
            System.err.println("the node " + role.id() + " has failed");
            e.printStackTrace();
        }
        System.err.println("the node " + role.id() + " has ended, and so all do");
        Runtime.getRuntime().halt(code);
    }

    private static Properties properties(Path config, String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(config.resolve(name + ".properties"))) {
            properties.load(in);
        }
        return properties;
    }
}
