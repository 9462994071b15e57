package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts as they were when somebody last looked at them. {@code -Dadpipe.golden=write} writes them anew; then look at the
 * difference.
 */
final class Golden {
    private static final Path FOLDER = Repository.path("deploy/src/test/resources/golden");

    private Golden() {}

    static void compare(String name, String text) throws IOException {
        Path file = FOLDER.resolve(name);
        if ("write".equals(System.getProperty("adpipe.golden"))) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, text);
        }
        assertThat(text).as("%s; -Dadpipe.golden=write writes it anew", file).isEqualTo(Files.readString(file));
    }
}
