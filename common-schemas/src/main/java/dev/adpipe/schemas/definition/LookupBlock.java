package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One entry of {@code output.lookups}. */
final class LookupBlock {
    private enum Type {
        FILE
    }

    private final Place place;
    private final Setting<Path> path;
    private final Setting<String> key;
    private final Setting<String> value;

    LookupBlock(ConfigReader in) {
        place = in.place();
        Setting<Type> type = in.choice("type", Type.class);
        path = in.readableFile("path");
        key = in.text("key");
        value = in.text("value");
        if (type.isPresent()) {
            in.finish();
        }
        if (path.isPresent()) {
            checkColumns(path.get());
        }
    }

    Place place() {
        return place;
    }

    Lookup toLookup() {
        return new FileLookup(path.get(), key.get(), value.get());
    }

    private void checkColumns(Path file) {
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
