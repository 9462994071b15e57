package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Backlog in seconds, of which the next record is not known. */
class TaskMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long now = 1_000_000;
    private final TaskMetrics task = new TaskMetrics(new Meters(registry, Tags.empty()), () -> now);

    @Test
    void goesByTheRecordBefore() {
        task.processed(now - 5_000);
        task.backlog(OptionalLong.of(10));
        now += 2_000;
        assertThat(seconds()).isEqualTo(7);
    }

    @Test
    void afterAnIdleHourCountsFromTheMomentWhenThereWasNothing() {
        task.processed(now);
        now += 3_600_000;
        task.backlog(OptionalLong.of(0));
        assertThat(seconds()).isZero();
        now += 100;
        task.backlog(OptionalLong.of(1));
        assertThat(seconds()).isEqualTo(0.1);
    }

    @Test
    void aRecordThatHasToWaitIsTheNext() {
        task.processed(now);
        task.waitingFor(now - 1_000);
        task.backlog(OptionalLong.of(1));
        assertThat(seconds()).isEqualTo(1);
    }

    @Test
    void beforeAnythingIsReadCountsFromTheAssignment() {
        now += 3_000;
        task.backlog(OptionalLong.of(7));
        assertThat(seconds()).isEqualTo(3);
    }

    @Test
    void whatIsNotKnownIsNotThereAndGoesWithTheTask() {
        task.backlog(OptionalLong.empty());
        assertThat(registry.getMeters()).isEmpty();
        task.backlog(OptionalLong.of(7));
        assertThat(registry.getMeters()).extracting(Meter::getId).hasSize(2);
        task.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    private double seconds() {
        return registry.get("adpipe.backlog.seconds").gauge().value();
    }
}
