package dev.adpipe.testkit;

import static dev.adpipe.testkit.CountingJob.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskDriverTest {
    private static final TopicPartition INPUT = new TopicPartition("acme.ads.shuffled", 3);

    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource
    void everyModeGivesTheSameOutputs(Mode mode) {
        List<String> counts = new ArrayList<>();
        Map<String, Integer> expected = new HashMap<>();
        Map<String, Long> deadlines = new HashMap<>();
        Random random = new Random(7);
        try (TaskDriver driver = TaskDriver.of(new CountingJob(), INPUT, mode, dir)) {
            for (int i = 0; i < 90; i++) {
                long time = i;
                String key = "k" + (i % 3 == 0 ? i : random.nextInt(20) / 4);
                driver.process(bytes(key), bytes(Long.toString(time)));
                counts.add(key + "=" + expected.merge(key, 1, Integer::sum));
                deadlines.put(key, time + 10);
                deadlines.values().removeIf(deadline -> deadline < time);
                expected.keySet().retainAll(deadlines.keySet());
            }
            driver.process(null, bytes("x"));

            assertThat(driver.outputs(CountingJob.COUNTS))
                    .extracting(o -> o.keyText() + "=" + new String(o.value(), StandardCharsets.UTF_8))
                    .isEqualTo(counts);
            assertThat(driver.deadLetters()).hasSize(1);
            assertThat(driver.books().in()).isEqualTo(91);
            driver.assertBalanced();
            assertThat(driver.state().liveKeys()).isEqualTo(deadlines.size());
        }
    }
}
