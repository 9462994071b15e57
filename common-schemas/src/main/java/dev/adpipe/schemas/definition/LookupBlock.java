package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import java.util.Optional;

/** One entry of {@code output.lookups}. */
final class LookupBlock {
    private enum Type {
        FILE,
        TOPIC,
        JDBC
    }

    private final Setting<Lookup> lookup;

    LookupBlock(ConfigReader in) {
        Setting<Type> type = in.choice("type", Type.class);
        if (!type.isPresent()) {
            lookup = Setting.absent(in.place());
            return;
        }
        Optional<? extends Lookup> read = switch (type.get()) {
            case FILE -> FileLookupReader.read(in);
            case TOPIC -> TopicLookupReader.read(in);
            case JDBC -> JdbcLookupReader.read(in);
        };
        in.finish();
        lookup = new Setting<>(in.place(), read.map(l -> l));
    }

    Place place() {
        return lookup.place();
    }

    Lookup toLookup() {
        return lookup.get();
    }
}
