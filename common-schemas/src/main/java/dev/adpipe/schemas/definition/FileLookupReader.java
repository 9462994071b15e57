package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A lookup of type {@code file}: its columns must be there. */
final class FileLookupReader {
    private FileLookupReader() {}

    static Optional<FileLookup> read(ConfigReader in) {
        Setting<Path> path = in.readableFile("path");
        Setting<String> key = in.text("key");
        Setting<String> value = in.text("value");
        if (path.isPresent()) {
            checkColumns(path, key, value);
        }
        return path.isPresent() && key.isPresent() && value.isPresent()
                ? Optional.of(new FileLookup(path.get(), key.get(), value.get()))
                : Optional.empty();
    }

    private static void checkColumns(Setting<Path> path, Setting<String> key, Setting<String> value) {
        Path file = path.get();
        try {
            List<String> columns = LookupColumns.of(file);
            String rule = "is no column of " + file.getFileName() + ", which has: " + String.join(", ", columns);
            key.require(columns::contains, rule);
            value.require(columns::contains, rule);
        } catch (IOException e) {
            path.reject(
                    "has no columns: its first line must be a CSV header or a JSON object (" + e.getMessage() + ")");
        }
    }
}
