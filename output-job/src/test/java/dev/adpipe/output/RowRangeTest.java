package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.CLICK_TIME;
import static dev.adpipe.output.Pipeline.IMPRESSION_TIME;
import static dev.adpipe.output.Pipeline.click;
import static dev.adpipe.output.Pipeline.impression;
import static dev.adpipe.output.Pipeline.process;
import static dev.adpipe.output.Pipeline.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replay makes the rows of one range only, and its books are those of that range. */
class RowRangeTest {
    private static final String OUTPUT = ", metrics { clicks { on = click, value = 1 } }";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void whatIsOutsideIsPassedOverUncounted(Mode mode) {
        try (TaskDriver driver = driver("time = event", new RowRange(CLICK_TIME, CLICK_TIME + 1), mode)) {
            process(driver, impression("{}"));
            process(driver, impression("{}"), click("{}"));
            assertThat(rows(driver)).singleElement().asString().contains("\"clicks\":1");
            assertThat(driver.books().in()).isEqualTo(1);
            assertThat(driver.deadLetters()).isEmpty();
            driver.assertBalanced();
        }
    }

    @Test
    void theEndIsOutside() {
        try (TaskDriver driver = driver("time = event", new RowRange(IMPRESSION_TIME, CLICK_TIME), Mode.STRAIGHT)) {
            process(driver, impression("{}"), click("{}"));
            assertThat(rows(driver)).isEmpty();
            process(driver, impression("{}"));
            assertThat(rows(driver)).hasSize(1);
        }
    }

    @Test
    void theTimeIsThatOfTheRow() {
        try (TaskDriver driver = driver("time = root", new RowRange(IMPRESSION_TIME, CLICK_TIME), Mode.STRAIGHT)) {
            process(driver, impression("{}"), click("{}"));
            assertThat(rows(driver)).hasSize(1);
        }
    }

    @Test
    void allIsAll() {
        assertThat(RowRange.ALL.contains(Long.MIN_VALUE)).isTrue();
        assertThat(RowRange.ALL.contains(Long.MAX_VALUE)).isTrue();
    }

    private TaskDriver driver(String time, RowRange range, Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, time + OUTPUT), range), mode);
    }
}
