package dev.adpipe.output;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Looks into the plugin's jars first, so that its libraries may be of any version, and the host's are never replaced. Only
 * the JDK, the interface between the two and the logging interface are the host's. Resources, services among them, come
 * from the jars and the JDK alone.
 *
 * <p>Thread-safe.
 */
final class PluginClassLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of("dev.adpipe.output.push.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    PluginClassLoader(URL[] jars, ClassLoader host) {
        super("plugin", jars, ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (SHARED.stream().anyMatch(name::startsWith)) {
            return host.loadClass(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                found = load(name);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    /** Of the JDK's own packages none can be in a jar; others, such as javax.inject, may be in both. */
    private Class<?> load(String name) throws ClassNotFoundException {
        if (!name.startsWith("java.")) {
            try {
                return findClass(name);
            } catch (ClassNotFoundException e) {
                // Then it is the JDK's.
            }
        }
        return getParent().loadClass(name);
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? getParent().getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        Enumeration<URL> own = findResources(name);
        return own.hasMoreElements() || name.startsWith("META-INF/services/")
                ? own
                : Collections.enumeration(Collections.list(getParent().getResources(name)));
    }
}
