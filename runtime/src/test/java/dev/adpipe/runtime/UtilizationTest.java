package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UtilizationTest {
    private long now;
    private final Utilization utilization = new Utilization(now);

    @Test
    void isTheBusyShareOfTheLastTenSeconds() {
        turns(200, 100, 30);
        assertThat(utilization.ratio()).isEqualTo(0.3, within(0.01));
        // A minute of saturation later, nothing is left of what was before.
        turns(600, 100, 100);
        assertThat(utilization.ratio()).isEqualTo(1);
        turns(50, 100, 0);
        assertThat(utilization.ratio()).isEqualTo(0.5, within(0.06));
        turns(60, 100, 0);
        assertThat(utilization.ratio()).isZero();
    }

    private void turns(int count, long millis, long busyMillis) {
        for (int i = 0; i < count; i++) {
            now += Duration.ofMillis(millis).toNanos();
            utilization.add(now, Duration.ofMillis(busyMillis).toNanos());
        }
    }
}
