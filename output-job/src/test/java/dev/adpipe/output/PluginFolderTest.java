package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import dev.adpipe.output.push.PushSettings;
import dev.adpipe.output.push.PushTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin of two classes, compiled here, one of which bears the name of a class of the host. */
class PluginFolderTest {
    private static final String SERVICE = "META-INF/services/dev.adpipe.output.push.PushPlugin";
    private static final String PLUGIN = """
            package plugin;
            import dev.adpipe.output.push.*;
            public final class Spy implements PushPlugin {
                @Override
                public PushTarget connect(PushSettings settings) {
                    ClassLoader context = Thread.currentThread().getContextClassLoader();
                    StringBuilder seen = new StringBuilder();
                    seen.append(new com.fasterxml.jackson.core.JsonFactory().version());
                    seen.append(", ").append(context == Spy.class.getClassLoader());
                    seen.append(", ").append(org.slf4j.LoggerFactory.class.getClassLoader() != context);
                    try {
                        Class.forName("dev.adpipe.output.OutputJob", false, context);
                        seen.append(", sees the host");
                    } catch (ClassNotFoundException e) {
                        seen.append(", sees no host");
                    }
                    seen.append(", ").append(context.getResource("reference.txt") != null);
                    seen.append(", ").append(context.getResource("logback-test.xml") != null);
                    throw new IllegalArgumentException(seen.toString());
                }
            }
            """;
    private static final String JACKSON = """
            package com.fasterxml.jackson.core;
            public class JsonFactory {
                public String version() {
                    return "the plugin's own";
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void thePluginSeesItsOwnLibrariesAndTheHostKeepsItsOwn() throws IOException {
        jar("plugin.Spy");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (PluginFolder plugin = new PluginFolder(folder.resolve("jars"))) {
            assertThatThrownBy(() -> connect(plugin))
                    .hasMessage("the plugin's own, true, true, sees no host, true, false");
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        assertThat(new JsonFactory().version().getMajorVersion()).isEqualTo(2);
    }

    @Test
    void aFolderThatIsNoneSaysWhereToGetIt() throws IOException {
        String remedy = "; mvn package makes it, as tranquility-sink/target/plugin: name that folder, or a copy of it";
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> new PluginFolder(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("output.sink.plugin-dir = " + none + " is no folder" + remedy);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> new PluginFolder(empty))
                .hasMessage("output.sink.plugin-dir = " + empty + " holds no jars" + remedy);
        jar("");
        assertThatThrownBy(() -> new PluginFolder(folder.resolve("jars")))
                .hasMessageContaining("is no plugin for rows: its jars name 0 of dev.adpipe.output.push.PushPlugin");
        jar("plugin.Missing");
        assertThatThrownBy(() -> new PluginFolder(folder.resolve("jars")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no plugin for rows")
                .hasMessageContaining("plugin.Missing");
    }

    private static PushTarget connect(PluginFolder plugin) {
        return plugin.connect(new PushSettings(
                "d",
                "z:1",
                "/d",
                "o",
                "HOUR",
                "NONE",
                true,
                Duration.ZERO,
                1,
                1,
                "__time",
                List.of(),
                List.of(),
                List.of(),
                Map.of()));
    }

    /**
     * @param service the class that the jar names as its plugin; empty: none
     */
    private void jar(String service) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-d", classes.toString(), "-proc:none", "-cp", System.getProperty("java.class.path")));
        arguments.add(Files.writeString(sources.resolve("Spy.java"), PLUGIN).toString());
        arguments.add(
                Files.writeString(sources.resolve("JsonFactory.java"), JACKSON).toString());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        Files.writeString(classes.resolve("reference.txt"), "x");
        Path jars = Files.createDirectories(folder.resolve("jars"));
        try (OutputStream file = Files.newOutputStream(jars.resolve("plugin.jar"));
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> found = Files.walk(classes)) {
            for (Path each : found.filter(Files::isRegularFile).toList()) {
                entry(out, classes.relativize(each).toString(), Files.readAllBytes(each));
            }
            if (!service.isEmpty()) {
                entry(out, SERVICE, service.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
