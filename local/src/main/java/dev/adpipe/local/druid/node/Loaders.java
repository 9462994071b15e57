package dev.adpipe.local.druid.node;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The class loaders of several nodes in one JVM: one that all share, and one for each node with what holds a node's state in
 * static fields. That is Druid itself, the servlet filter of Guice, and Calcite, into whose packages Druid puts classes.
 */
final class Loaders {
    private static final List<String> OF_EACH_NODE = List.of("druid-", "calcite-", "guice-servlet-", "jersey-guice-");

    private final ClassLoader common;
    private final URL[] ofEachNode;

    Loaders(List<Path> jars) {
        Predicate<Path> own = jar -> OF_EACH_NODE.stream()
                .anyMatch(prefix -> jar.getFileName().toString().startsWith(prefix));
        common = new URLClassLoader("druid-common", urls(jars, own.negate()), ClassLoader.getPlatformClassLoader());
        ofEachNode = urls(jars, own);
    }

    ClassLoader common() {
        return common;
    }

    /** A new one. */
    ClassLoader ofNode() {
        return new URLClassLoader("druid-node", ofEachNode, common);
    }

    private static URL[] urls(List<Path> jars, Predicate<Path> which) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            if (which.test(jar)) {
                try {
                    urls.add(jar.toUri().toURL());
                } catch (MalformedURLException e) {
                    throw new IllegalArgumentException("no path of a jar: " + jar, e);
                }
            }
        }
        return urls.toArray(URL[]::new);
    }
}
