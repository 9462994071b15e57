package dev.adpipe.local.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SlowShrinkTest {
    private static final int PRESENT = 6;

    private final SlowShrink shrink = new SlowShrink(Duration.ofMinutes(5));

    @Test
    void moreAtOnceFewerAfterFiveMinutes() {
        assertThat(at(0, 6)).isEqualTo(6);
        assertThat(at(10, 8)).isEqualTo(8);
        assertThat(at(20, 3)).isEqualTo(8);
        assertThat(at(310, 2)).isEqualTo(8);
        assertThat(at(311, 2)).isEqualTo(3);
        assertThat(at(312, 9)).isEqualTo(9);
    }

    /** A monitor that has just been started knows nothing of what was needed a minute ago. */
    @Test
    void thePresentNumberCountsAtTheStart() {
        assertThat(at(0, 1)).isEqualTo(PRESENT);
        assertThat(at(300, 1)).isEqualTo(PRESENT);
        assertThat(at(301, 1)).isEqualTo(1);
    }

    @Test
    void whatStandsIsKeptWhileNothingIsKnownAndSlowlyLeftAfterwards() {
        assertThat(shrink.of(0, OptionalInt.empty(), 0)).isEmpty();
        assertThat(at(1, 8)).isEqualTo(8);
        assertThat(shrink.of(7_200_000, OptionalInt.empty(), 0)).hasValue(8);
        assertThat(at(7_201, 1)).isEqualTo(8);
        assertThat(at(7_501, 1)).isEqualTo(8);
        assertThat(at(7_502, 1)).isEqualTo(1);
    }

    private int at(long seconds, int wanted) {
        return shrink.of(seconds * 1_000, OptionalInt.of(wanted), PRESENT).orElseThrow();
    }
}
