package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.adpipe.schemas.definition.BrokenDefinitions.Case;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reference.conf} is complete, valid, and each of its keys is tested. */
class ReferenceTest {
    private static final Pattern KEY = Pattern.compile("^(pipeline\\.[^ :]+)");

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "PASSWORD", "p",
            "SHOPS_PASSWORD", "shp",
            "REGISTRY_PASSWORD", "rp",
            "ACME_PASSWORD", "ap",
            "DRUID_PASSWORD", "dp",
            "STORE_PASSWORD", "sp");

    @TempDir
    private Path folder;

    @Test
    void withItsExamplesUncommentedItIsAValidDefinition() throws IOException {
        PipelineDefinition definition = DefinitionLoader.load(Example.write(folder, uncommented()), ENVIRONMENT);
        assertThat(definition.streams())
                .extracting(StreamDefinition::name)
                .containsExactly("impression", "bid-win", "click", "conversion");
    }

    @Test
    void withTheOtherChoicesUncommentedTooItIsValid() throws IOException {
        PipelineDefinition definition = DefinitionLoader.load(Example.write(folder, allUncommented()), ENVIRONMENT);
        assertThat(definition.output().sink()).isInstanceOf(OutputSettings.Sink.Tranquility.class);
    }

    @Test
    void theDefaultsAloneLackOnlyWhatIsRequired() throws IOException {
        Path file = Example.write(folder, "pipeline {}");
        assertThat(BrokenDefinitionTest.problems(file, Map.of()))
                .extracting(Problem::key)
                .containsExactly(
                        "pipeline.customer",
                        "pipeline.name",
                        "pipeline.kafka.bootstrap.servers",
                        "pipeline.streams",
                        "pipeline.output");
    }

    @Test
    void everyKeyHasABrokenDefinition() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Case each : BrokenDefinitions.all()) {
            for (String problem : each.problems()) {
                KEY.matcher(problem).results().forEach(m -> broken.add(general(m.group(1))));
            }
        }
        assertThat(broken).containsAll(keys());
    }

    @Test
    void everyKeyHasASettingThatTakesEffect() throws IOException {
        Set<String> set = new TreeSet<>();
        SettingsTest.settings().forEach(s -> set.add(general(s.key())));
        assertThat(set).containsAll(keys());
    }

    /** All keys of the reference, those in examples included, without the names and numbers that users choose. */
    private static Set<String> keys() throws IOException {
        Set<String> keys = new TreeSet<>();
        for (String text : List.of(uncommented(), allUncommented())) {
            collect("pipeline", ConfigFactory.parseString(text).root().get("pipeline"), keys);
        }
        assertThat(keys)
                .hasSizeGreaterThan(50)
                .contains("pipeline.streams[].where.equals", "pipeline.output.transform");
        keys.remove("pipeline.output.pre-aggregate"); // taken away, as tranquility has no use for it
        keys.remove("pipeline.kafka.security.protocol"); // any other client property
        keys.removeIf(key -> key.matches("pipeline\\.output\\.sink\\.(kafka|tuning|io)\\..*"));
        return keys;
    }

    private static void collect(String path, ConfigValue value, Set<String> keys) {
        if (value instanceof ConfigObject block && !isTableOfValues(path, block)) {
            block.keySet().forEach(k -> collect(path + "." + k, block.get(k), keys));
        } else if (value instanceof ConfigList list && list.stream().anyMatch(ConfigObject.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                collect(path + "[" + i + "]", list.get(i), keys);
            }
        } else {
            keys.add(general(path));
        }
    }

    /** Its keys are the user's. */
    private static boolean isTableOfValues(String path, ConfigObject block) {
        return path.endsWith(".map") || (path.endsWith(".rates") && !block.containsKey("lookup"));
    }

    private static String general(String key) {
        return key.replaceAll("\\[\\d+]", "[]")
                .replaceAll("^(pipeline\\.output\\.(dimensions|metrics|lookups))\\.[^.]+", "$1.*")
                .replaceAll("\\.sink\\.properties\\..*", ".sink.properties")
                .replaceAll("\\.map\\..*", ".map")
                .replaceAll("\\.rates\\.[A-Z]{3}$", ".rates")
                .replaceAll("\\.steps\\[]$", ".steps");
    }

    private static String uncommented() throws IOException {
        try (InputStream in = ReferenceTest.class.getResourceAsStream(Reference.RESOURCE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.substring(0, text.indexOf("\n# Defaults of what stands"))
                    .replaceAll("(?m)^( *)#\\|(?!\\|) ?", "$1");
        }
    }

    private static String allUncommented() throws IOException {
        return uncommented().replaceAll("(?m)^( *)#\\|\\| ?", "$1");
    }
}
