package dev.adpipe.schemas.definition;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The defaults: our {@code reference.conf}, kept in our package so that no other library's can be merged into it. */
final class Reference {
    static final String RESOURCE = "/dev/adpipe/schemas/definition/reference.conf";

    private static final Config CONFIG = read();

    private Reference() {}

    /** Defaults of a whole definition; streams have none, they are required. */
    static ConfigObject definition() {
        return CONFIG.withOnlyPath("pipeline").withoutPath("pipeline.streams").root();
    }

    /** Defaults of each stream, dimension, metric, ..: what stands in lists and in tables of names. */
    static ConfigObject each(String what) {
        String path = "each." + what;
        return CONFIG.hasPath(path) ? CONFIG.getObject(path) : ConfigValueFactory.fromMap(Map.of());
    }

    private static Config read() {
        try (InputStream in = Reference.class.getResourceAsStream(RESOURCE);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return ConfigFactory.parseReader(
                            reader, ConfigParseOptions.defaults().setOriginDescription(RESOURCE))
                    .resolve();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }
}
