package dev.adpipe.output;

import dev.adpipe.output.push.PushPlugin;
import dev.adpipe.output.push.PushSettings;
import dev.adpipe.output.push.PushTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** A folder of jars that pushes rows, with a class loader of its own. Close it after its target. */
final class PluginFolder implements AutoCloseable {
    private final Path folder;
    private final PluginClassLoader loader;
    private final PushPlugin plugin;

    /**
     * @throws IllegalArgumentException if the folder is not there or is no plugin; the message says how to get it
     */
    PluginFolder(Path folder) {
        this.folder = folder;
        loader = new PluginClassLoader(jars(folder), PluginFolder.class.getClassLoader());
        try {
            plugin = single(ServiceLoader.load(PushPlugin.class, loader));
        } catch (RuntimeException | ServiceConfigurationError e) {
            close();
            throw wrong(folder, "is no plugin for rows: " + e.getMessage());
        }
    }

    /** With the plugin's class loader as the thread's, as libraries of its age look for their parts there. */
    PushTarget connect(PushSettings settings) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return plugin.connect(settings);
        } catch (LinkageError e) {
            throw wrong(folder, "lacks a part: " + e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static PushPlugin single(ServiceLoader<PushPlugin> found) {
        List<PushPlugin> plugins = new ArrayList<>();
        found.forEach(plugins::add);
        if (plugins.size() != 1) {
            throw new IllegalArgumentException("its jars name " + plugins.size() + " of " + PushPlugin.class.getName()
                    + " in META-INF/services, there must be one");
        }
        return plugins.get(0);
    }

    private static URL[] jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw wrong(folder, "is no folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            URL[] jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(PluginFolder::url)
                    .toArray(URL[]::new);
            if (jars.length == 0) {
                throw wrong(folder, "holds no jars");
            }
            return jars;
        } catch (IOException e) {
            throw wrong(folder, "cannot be read: " + e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IllegalArgumentException wrong(Path folder, String what) {
        return new IllegalArgumentException("output.sink.plugin-dir = " + folder + " " + what
                + "; mvn package makes it, as tranquility-sink/target/plugin: name that folder, or a copy of it");
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
