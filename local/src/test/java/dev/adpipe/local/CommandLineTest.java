package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path dir;

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithExitCodes(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.add("--help");
        assertThat(run(words.toArray(String[]::new))).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("Usage: adpipe" + (command.isEmpty() ? "" : " " + String.join(" ", command)))
                .contains("Exit codes:")
                .contains("refused, because it would have done harm");
        assertThat(err.toString()).isEmpty();
    }

    static List<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(new CommandLine(new Adpipe()), List.of(), all);
        assertThat(all).contains(List.of(), List.of("provision"), List.of("dead-letters", "replay"), List.of("load"));
        return all;
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> all) {
        all.add(path);
        command.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, all);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no-such-command",
                "dead-letters",
                "validate",
                "provision F --create-raw-topics many",
                "provision F --create-raw-topics 0",
                "kafka --port 70000 --dir D",
                "kafka",
                "load --topic T FILE",
                "load FILE --bootstrap-server localhost:1",
                "run F --stage sink",
                "run F --containers 0",
                "generate F --rate 0",
                "generate F --seconds 0",
                "peek F",
                "peek F rows --max 0",
                "status F --interval 0",
                "monitor",
                "monitor F --port 0",
                "monitor F --interval 0",
                "autoscale F",
                "autoscale F --dry-run --seconds 24",
                "autoscale F --dry-run --seconds 61",
                "dead-letters replay F --max 0"
            })
    void wrongUsageEndsWith2AndSaysWhatIsWrong(String line) {
        assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("adpipe: ").doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void autoscaleNamesWhatScales() {
        run("autoscale", "F");
        assertThat(err.toString())
                .contains("--dry-run is required")
                .contains("KEDA")
                .contains("autoscaling.enabled");
    }

    @Test
    void saysAllMistakesOfADefinition() throws Exception {
        Path file = Files.writeString(dir.resolve("wrong.conf"), "pipeline {\n  customer = acme\n  nmae = ads\n}\n");
        assertThat(run("validate", file.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("wrong.conf:3: pipeline.nmae").contains("pipeline.streams");
        assertThat(err.toString().lines().count()).isGreaterThan(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void describesAValidDefinition() {
        Path file = TestPipeline.file(dir, "tidy", "localhost:1");
        assertThat(run("validate", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("pipeline tidy of customer acme")
                .contains("click: tidy.clicks, key imp_id, id click_id, time timestamp, within 1h of its parent")
                .contains("acme.tidy.join-changelog");
    }

    @Test
    void failsWith1AndOneParagraphWhenNoKafkaAnswers() throws Exception {
        Path file = TestPipeline.file(dir, "lonely", "localhost:1");
        Files.writeString(
                file,
                "pipeline.kafka { default.api.timeout.ms = 1500, request.timeout.ms = 1000 }",
                StandardOpenOption.APPEND);
        assertThat(run("validate", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(run("status", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("no Kafka answers at bootstrap.servers = localhost:1, waited 1.5s")
                .doesNotContain("\tat ");
    }

    @Test
    void showsAStackTraceOnlyWhenAskedTo() throws Exception {
        Path noFolder = Files.writeString(dir.resolve("file"), "");
        assertThat(run("kafka", "--dir", noFolder.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).startsWith("adpipe: the folder").doesNotContain("\tat ");
        assertThat(run("kafka", "--dir", noFolder.toString(), "--verbose")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void showsDurationsAndNumbersAsPeopleReadThem() {
        assertThat(Shown.duration(Duration.ofMillis(250))).isEqualTo("250ms");
        assertThat(Shown.duration(Duration.ofMillis(1500))).isEqualTo("1.5s");
        assertThat(Shown.duration(Duration.ofMinutes(90))).isEqualTo("1h30m");
        assertThat(Shown.number(1234567)).isEqualTo("1,234,567");
    }

    private int run(String... args) {
        return Adpipe.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
