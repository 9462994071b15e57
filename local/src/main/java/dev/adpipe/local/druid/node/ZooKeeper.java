package dev.adpipe.local.druid.node;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The ZooKeeper by which Druid's nodes find each other. */
final class ZooKeeper {
    private static final String EMBEDDED = "org.apache.zookeeper.server.embedded.";

    private ZooKeeper() {}

    /**
     * Starts it in an empty folder: all that it would have to remember is which nodes of an earlier process were up, and whoever
     * waits for those to be given up waits half a minute.
     *
     * @param properties ZooKeeper's own, and {@code baseDir}, its folder
     */
    static void start(ClassLoader loader, Properties properties) throws IOException, ReflectiveOperationException {
        Path dir = Path.of((String) properties.remove("baseDir"));
        delete(dir);
        Files.createDirectories(dir);
        System.setProperty("zookeeper.admin.enableServer", "false");
        Thread.currentThread().setContextClassLoader(loader);
        Class<?> embedded = loader.loadClass(EMBEDDED + "ZooKeeperServerEmbedded");
        Class<?> exitHandler = loader.loadClass(EMBEDDED + "ExitHandler");
        Object builder = embedded.getMethod("builder").invoke(null);
        method(builder, "baseDir", Path.class).invoke(builder, dir);
        method(builder, "configuration", Properties.class).invoke(builder, properties);
        method(builder, "exitHandler", exitHandler)
                .invoke(builder, exitHandler.getField("EXIT").get(null));
        Object server = method(builder, "build").invoke(builder);
        embedded.getMethod("start").invoke(server);
    }

    private static Method method(Object target, String name, Class<?>... types) throws NoSuchMethodException {
        return target.getClass().getMethod(name, types);
    }

    private static void delete(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(dir)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
