package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far around a range a replay reads. */
class ReplayReachTest {
    private static final Instant TIME = Instant.parse("2026-11-22T13:00:00Z");

    @TempDir
    Path dir;

    @Test
    void beforeIsEverythingThatMayHoldWBackOrKeepAKeyAlive() throws IOException {
        ReplayReach reach = new ReplayReach(definition("event"), Duration.ofSeconds(7));
        Duration twoTicks = Duration.ofSeconds(2);
        Duration keep = Duration.ofMinutes(20).plusMinutes(1).plusMinutes(3);
        Duration expected = Duration.ofMinutes(5) // max-skew, for the event
                .plusMinutes(5) // max-skew, for the key's first
                .plusMinutes(3) // skews of three streams
                .plusSeconds(30)
                .plus(twoTicks) // W waits for a silent partition
                .plusMinutes(4) // lateness
                .plusSeconds(7) // behind
                .plusHours(9) // max-key-life
                .plus(keep)
                .plusSeconds(30)
                .plus(twoTicks) // W knows every partition
                .plusHours(2); // first-event-timeout
        assertThat(reach.before()).isEqualTo(expected);
        assertThat(reach.readFrom(TIME)).isEqualTo(TIME.minus(expected));
        assertThat(reach.firstRowTime(reach.readFrom(TIME))).isEqualTo(TIME);
    }

    @Test
    void aShorterWarmUpSaysWhatMayDiffer() throws IOException {
        ReplayReach whole = new ReplayReach(definition("event"), Duration.ZERO);
        assertThat(whole.tooShort(TIME)).isEmpty();
        assertThat(whole.before().minus(whole.settling()))
                .as("max-key-life and the longest keep")
                .isEqualTo(Duration.ofHours(9).plusMinutes(24));

        ReplayReach hours = new ReplayReach(definition("event"), Duration.ZERO, Optional.of(Duration.ofHours(3)));
        assertThat(hours.readFrom(TIME)).isEqualTo(TIME.minus(Duration.ofHours(3)));
        assertThat(hours.settling()).isEqualTo(whole.settling()).isLessThan(hours.before());
        assertThat(hours.tooShort(TIME).orElseThrow())
                .contains("the warm-up is 3h and should be " + Shown.duration(whole.before()))
                .contains("before 2026-11-22T10:00:00Z", "no-parent");
        assertThat(hours.settledAfter(TIME)).isEqualTo(whole.settledAfter(TIME));
    }

    @Test
    void afterTheLongestKeepNothingIsDecidedAnyMore() throws IOException {
        Duration keep = Duration.ofMinutes(20).plusMinutes(1).plusMinutes(3);
        assertThat(settled("event")).isEqualTo(keep);
        // A chain's last event is all windows and skews later than its root.
        assertThat(settled("root"))
                .isEqualTo(keep.plusMinutes(20).plusMinutes(10).plusMinutes(3));
    }

    private Duration settled(String time) throws IOException {
        return Duration.between(
                TIME, Instant.ofEpochMilli(new ReplayReach(definition(time), Duration.ZERO).settledAfter(TIME)));
    }

    private PipelineDefinition definition(String time) throws IOException {
        return DefinitionLoader.load(Files.writeString(dir.resolve(time + ".conf"), """
                pipeline {
                  customer = acme, name = reach
                  kafka.bootstrap.servers = "localhost:9092"
                  streams = [
                    { name = impression, topics = [i], format = json, key = k, event-id = k
                      time { field = ts, format = iso-8601 } }
                    { name = click, topics = [c], format = json, key = k, event-id = id
                      time { field = ts, format = iso-8601 }, within = 20m }
                    { name = conversion, topics = [v], format = json, key = k, event-id = id
                      time { field = ts, format = iso-8601 }, within = 10m }
                  ]
                  shuffle { max-skew = 5m, idle-after = 30s, tick-interval = 1s }
                  join { lateness = 4m, skew = 1m, max-key-life = 9h, first-event-timeout = 2h }
                  output { time = %s, metrics.clicks { on = click, value = 1 } }
                }
                """.formatted(time)));
    }
}
