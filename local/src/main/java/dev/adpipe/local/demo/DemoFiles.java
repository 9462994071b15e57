package dev.adpipe.local.demo;

import dev.adpipe.local.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The demo's folder: Kafka's data and Druid's, the definition, the lookup file, local state.
 *
 * @param ours whether the demo made it and so takes it away
 */
record DemoFiles(Path dir, boolean ours) {

    /** A folder of the demo's own. */
    static DemoFiles temporary() throws IOException {
        return new DemoFiles(Files.createTempDirectory("adpipe-demo-"), true);
    }

    /**
     * A folder that the user names and keeps.
     *
     * @throws CommandException if something is in it: the books begin at nothing, and so must the topics
     */
    static DemoFiles in(Path dir) throws IOException {
        Files.createDirectories(dir);
        try (Stream<Path> content = Files.list(dir)) {
            if (content.findAny().isPresent()) {
                throw CommandException.refused("--dir = " + dir + ": the folder is not empty. The demo's books begin at"
                        + " nothing, and so must its topics: name a new or an empty folder, or delete this one. To look"
                        + " into what an earlier demo left here, start its Kafka again: adpipe kafka --dir "
                        + dir.resolve("kafka") + " --port P, with the port that stands in "
                        + dir.resolve("demo.conf"));
            }
        }
        return new DemoFiles(dir.toAbsolutePath(), false);
    }

    /** Writes definition and lookup file; any command can use the definition while the demo runs. */
    Path write(Scenario scenario, String bootstrapServers, Optional<URI> overlord) throws IOException {
        Files.writeString(dir.resolve("campaigns.csv"), Campaign.lookupFile());
        Path definition = dir.resolve("demo.conf");
        // In HOCON the last value counts.
        Files.writeString(
                definition,
                template(scenario) + "\n# Of this run of the demo:\npipeline.kafka.bootstrap.servers = \""
                        + bootstrapServers
                        + "\"\n"
                        // Asked by the monitor.
                        + "pipeline.runtime.metrics-port = " + freePort() + "\n"
                        + overlord.map(url -> "pipeline.output.sink.overlord = \"" + url + "\"\n")
                                .orElse(""));
        return definition;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Where Kafka keeps its data. */
    Path kafkaData() {
        return dir.resolve("kafka");
    }

    /** Where Druid keeps its data. */
    Path druidData() {
        return dir.resolve("druid");
    }

    /** What the program logs while the view is live. */
    Path log() {
        return dir.resolve("adpipe.log");
    }

    /** Takes the folder away if it is the demo's own. */
    void deleteIfOurs() throws IOException {
        if (!ours) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(dir)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    private static String template(Scenario scenario) {
        try (InputStream in = DemoFiles.class.getResourceAsStream(scenario.template())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's definition cannot be read from the class path", e);
        }
    }
}
