package dev.adpipe.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example of messy fields does what it says there. */
class ReadmeExampleTest {
    private static final Pattern BLOCK = Pattern.compile("```(json|hocon)\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void messyFieldsBecomeTheRowThatIsShown() throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher block = BLOCK.matcher(readme);
        assertThat(block.find(readme.indexOf("in OpenRTB's shape"))).isTrue();
        String event = block.group(2);
        assertThat(block.find()).isTrue();
        String fields = block.group(2);
        assertThat(block.find()).isTrue();
        String row = block.group(2).strip();
        int metric = fields.indexOf("spend");
        String output =
                "dimensions { " + fields.substring(0, metric) + " }\nmetrics { " + fields.substring(metric) + " }";
        try (TaskDriver driver = Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), Mode.STRAIGHT)) {
            Pipeline.process(driver, Pipeline.part("impression", "i1", 1_764_072_000_000L, event));
            assertThat(Pipeline.rows(driver)).containsExactly(row);
        }
    }
}
