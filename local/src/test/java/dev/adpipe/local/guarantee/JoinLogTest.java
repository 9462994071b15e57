package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinLogTest {
    private static final String LINES = """
        2026-11-25T18:58:47.522Z INFO  [adpipe-join-0] p-join-a-0 was assigned [p.shuffled-0, p.shuffled-1]
        2026-11-25T18:58:47.600Z INFO  [adpipe-join-0] Restoring the state of p.shuffled-0: changelog offsets 0 to 40000
        2026-11-25T18:58:48.000Z WARN  [adpipe-join-0] something else
        2026-11-25T18:58:49.000Z INFO  [adpipe-join-0] State of p.shuffled-1 is complete: 9 keys, read offsets 10 to 30010 in 1400 ms
        2026-11-25T18:58:49.600Z INFO  [adpipe-join-0] State of p.shuffled-0 is complete: 9 keys, read offsets 0 to 40000 in 2000 ms
        """;

    @TempDir
    private Path dir;

    @Test
    void tellsOfTheLastStartOnly() throws IOException {
        Path file = Files.writeString(dir.resolve("join-a.log"), LINES);
        JoinLog log = JoinLog.fromNow(file);
        assertThat(log.assigned()).isEmpty();
        assertThatThrownBy(() -> log.restore(2)).hasMessageContaining("tells of 0 restored tasks");

        Files.writeString(file, LINES.replace("18:58", "18:59"), StandardOpenOption.APPEND);
        assertThat(log.assigned().orElseThrow()).isEqualTo(millis("2026-11-25T18:59:47.522Z"));
        JoinLog.Restore restore = log.restore(2);
        assertThat(restore.ended()).isEqualTo(millis("2026-11-25T18:59:49.600Z"));
        assertThat(restore.millis()).isEqualTo(2_000);
        assertThat(restore.perSecond()).isEqualTo(35_000);
        assertThatThrownBy(() -> log.restore(4)).hasMessageContaining("expected are 4");
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
