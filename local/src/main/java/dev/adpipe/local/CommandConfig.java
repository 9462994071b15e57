package dev.adpipe.local;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The option of commands that need more rights than the customer's own user has. */
final class CommandConfig {
    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description =
                    "Client properties of an administrator, a Java properties file as Kafka's own tools take it. They"
                            + " replace those of the definition, one by one, for this command's own work; paths in it are relative to"
                            + " the folder one is in. Default: the definition's own.")
    private Path file;

    /** The definition's client properties, with the administrator's in their place. */
    Map<String, String> over(Map<String, String> kafka) {
        if (file == null) {
            return kafka;
        }
        Properties administrator = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            administrator.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            // The parser may quote what it read, and that is a secret.
            throw CommandException.usage(
                    "--command-config = " + file + ": must be a readable Java properties file (name=value), in UTF-8");
        }
        Map<String, String> merged = new HashMap<>(kafka);
        administrator.stringPropertyNames().forEach(name -> merged.put(name, administrator.getProperty(name)));
        return merged;
    }
}
