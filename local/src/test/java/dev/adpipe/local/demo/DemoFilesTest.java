package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoFilesTest {

    /** The times by which {@link Generator} explains why fates are certain. */
    @Test
    void theDefinitionHasTheTimesThatTheGeneratorCountsOn(@TempDir Path dir) throws Exception {
        PipelineDefinition definition = DefinitionLoader.load(
                DemoFiles.in(dir.resolve("new")).write(Scenario.CLICKS, "127.0.0.1:4711", Optional.empty()));

        assertThat(definition.kafka()).containsEntry("bootstrap.servers", "127.0.0.1:4711");
        assertThat(definition.streams().get(1).within()).isEqualTo(Duration.ofMillis(Generator.WITHIN));
        assertThat(definition.join().skew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(definition.join().lateness()).isEqualTo(Duration.ofSeconds(4));
        assertThat(definition.shuffle().idleAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(definition.shuffle().maxRecordBytes()).isLessThan(100_000);
    }

    /** The times by which {@link FunnelTraffic} explains why fates are certain, and the windows of {@link Generator}. */
    @Test
    void theFunnelHasTheTimesThatItsTrafficCountsOn(@TempDir Path dir) throws Exception {
        PipelineDefinition definition = DefinitionLoader.load(
                DemoFiles.in(dir.resolve("new")).write(Scenario.FUNNEL, "127.0.0.1:4711", Optional.empty()));

        assertThat(definition.streams())
                .extracting(stream -> stream.name() + " " + stream.within().toSeconds() + " " + stream.optional())
                .containsExactly(
                        FunnelTraffic.REQUEST + " 0 false",
                        FunnelTraffic.RESPONSE + " 5 false",
                        FunnelTraffic.IMPRESSION + " 5 false",
                        FunnelTraffic.CLICK + " 10 true",
                        FunnelTraffic.CONVERSION + " 10 false");
        assertThat(definition.join().skew()).isEqualTo(Duration.ofSeconds(2));
        assertThat(definition.join().lateness()).isEqualTo(Duration.ofSeconds(4));
        assertThat(definition.shuffle().idleAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(definition.shuffle().maxRecordBytes()).isLessThan(100_000);
    }

    /** The demo is the example, but for its names, times and sizes; so what the example says is seen to be true. */
    @Test
    void theFunnelOfTheDemoIsTheExample(@TempDir Path dir) throws Exception {
        PipelineDefinition demo = DefinitionLoader.load(
                DemoFiles.in(dir.resolve("new")).write(Scenario.FUNNEL, "127.0.0.1:4711", Optional.empty()));
        Path examples = Path.of("").toAbsolutePath().getParent().resolve("examples");
        PipelineDefinition example = DefinitionLoader.load(examples.resolve("funnel.conf"));

        assertThat(example.streams()).hasSameSizeAs(demo.streams());
        for (int i = 0; i < demo.streams().size(); i++) {
            assertThat(demo.streams().get(i))
                    .usingRecursiveComparison()
                    .ignoringFields("topics", "within")
                    .isEqualTo(example.streams().get(i));
        }
        assertThat(demo.output().dimensions()).isEqualTo(example.output().dimensions());
        assertThat(demo.output().metrics()).isEqualTo(example.output().metrics());
        assertThat(Files.readString(examples.resolve("campaigns.csv"))).isEqualTo(Campaign.lookupFile());
    }

    @Test
    void aFolderWithSomethingInItIsRefusedAndKept(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("mine"), "x");
        assertThatThrownBy(() -> DemoFiles.in(dir))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("not empty");
        DemoFiles own = DemoFiles.in(dir.resolve("new"));
        own.deleteIfOurs();
        assertThat(file).exists();
        assertThat(own.dir()).exists();
    }

    @Test
    void aTemporaryFolderIsTakenAway() throws Exception {
        DemoFiles files = DemoFiles.temporary();
        files.write(Scenario.CLICKS, "127.0.0.1:4711", Optional.empty());
        files.deleteIfOurs();
        assertThat(files.dir()).doesNotExist();
    }

    /** A live view and log lines do not share a terminal. */
    @Test
    void logsGoToAFileUntilItIsClosed(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("adpipe.log");
        org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger("dev.adpipe.test");
        try (LogFile open = new LogFile(file)) {
            assertThat(open).isNotNull();
            log.error("while the view is live");
        }
        log.error("after it");
        assertThat(Files.readString(file)).contains("while the view is live").doesNotContain("after it");
    }
}
