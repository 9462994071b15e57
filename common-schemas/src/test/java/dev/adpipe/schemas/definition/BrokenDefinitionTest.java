package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.adpipe.schemas.definition.BrokenDefinitions.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule has a definition that breaks it, and the exact words that the user sees. */
class BrokenDefinitionTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.adpipe.schemas.definition.BrokenDefinitions#all")
    void theProblemIsSaidWithItsLine(Case broken) throws IOException {
        Path file = Example.write(folder, broken.text().replace("§", ""));
        InvalidDefinitionException e =
                catchThrowableOfType(InvalidDefinitionException.class, () -> DefinitionLoader.load(file, Map.of()));

        assertThat(e).as("accepted: %s", broken.text()).isNotNull();
        assertThat(e).hasMessage(String.join("\n", expected(file, broken)));
    }

    @Test
    void allMistakesAreReportedAtOnce() throws IOException {
        String text = """
                pipeline {
                  custmer = acme
                  name = Ads
                  kafka { bootstrap.servers = nowhere, group.id = mine }
                  streams = [
                    { name = impression, topics = ["a b"], format = xml, key = imp_id, event-id = imp_id
                      time { field = timestamp, format = unix }, within = 5m }
                    { name = click, topics = [clicks], format = json, key = imp_id, time { field = ts, format = iso-8601 }
                      within = 60 }
                  ]
                  shuffle { partitions = 0 }
                  join { emit = on-closed, lateness = -1s }
                  output {
                    dimensions { item = { field = impresion.item, lookup = items } }
                    metrics { item = { on = click, value = x } }
                  }
                  runtime { commit-interval = 20s, state-memory = 64 }
                }
                """;
        Path file = Example.write(folder, text);
        assertThat(problems(file, Map.of()))
                .extracting(p -> p.line() + " " + p.key())
                .containsExactly(
                        "1 pipeline.customer",
                        "2 pipeline.custmer",
                        "3 pipeline.name",
                        "4 pipeline.kafka.group.id",
                        "4 pipeline.kafka.bootstrap.servers",
                        "6 pipeline.streams[0].format.type",
                        "6 pipeline.streams[0].topics",
                        "7 pipeline.streams[0].time.format",
                        "7 pipeline.streams[0].within",
                        "8 pipeline.streams[1].event-id",
                        "9 pipeline.streams[1].within",
                        "11 pipeline.shuffle.partitions",
                        "12 pipeline.join.emit",
                        "12 pipeline.join.lateness",
                        "14 pipeline.output.dimensions.item.field",
                        "14 pipeline.output.dimensions.item.lookup",
                        "15 pipeline.output.metrics.item.value",
                        "15 pipeline.output.metrics.item",
                        "17 pipeline.runtime.state-memory",
                        "17 pipeline.runtime.commit-interval");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pipeline {\\n  name = a\\n  list = [1\\n}\\n | 4 | is no valid HOCON: List should have had",
                "pipeline {\\n  name = \"a\\n}\\n | 2 | is no valid HOCON: Expecting a value but got wrong token",
                "pipeline {\\n  name = a }\\n}\\n | 3 | is no valid HOCON: unbalanced close brace",
                "pipeline {\\n  b = ${pipeline.b}\\n} | 2 | is no valid HOCON: Could not resolve substitution"
            })
    void aSyntaxErrorIsOneProblemWithItsLine(String text, int line, String rule) throws IOException {
        Path file = Example.write(folder, text.replace("\\n", "\n"));
        assertThat(problems(file, Map.of())).singleElement().satisfies(p -> {
            assertThat(p.line()).isEqualTo(line);
            assertThat(p.toString()).startsWith(file + ":" + line + ": " + rule);
        });
    }

    @Test
    void problemsOfAnIncludedFileNameThatFile() throws IOException {
        Path shared = Files.writeString(folder.resolve("shared.conf"), "\n\npartitions = none\n");
        Path file = Example.write(folder, Example.with("partitions = 12", "include \"shared.conf\""));
        assertThat(problems(file, Map.of()))
                .singleElement()
                .asString()
                .startsWith(shared + ":3: pipeline.shuffle.partitions = none: ");
    }

    static List<Problem> problems(Path file, Map<String, String> environment) {
        InvalidDefinitionException e =
                catchThrowableOfType(InvalidDefinitionException.class, () -> DefinitionLoader.load(file, environment));
        assertThat(e).as("accepted").isNotNull();
        assertThat(e.getStackTrace()).isEmpty();
        return e.problems();
    }

    private static List<String> expected(Path file, Case broken) {
        List<String> messages = new ArrayList<>();
        int line = 1;
        for (char c : broken.text().toCharArray()) {
            if (c == '\n') {
                line++;
            } else if (c == '§') {
                messages.add(file + ":" + line + ": " + broken.problems().get(messages.size()));
            }
        }
        assertThat(messages).as("marks in the text").hasSameSizeAs(broken.problems());
        return messages;
    }
}
