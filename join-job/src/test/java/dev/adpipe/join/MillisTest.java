package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MillisTest {
    private static final long MIN = Long.MIN_VALUE;
    private static final long MAX = Long.MAX_VALUE;

    @Test
    void sumsStopAtTheEnds() {
        assertThat(Millis.plus(3, 4)).isEqualTo(7);
        assertThat(Millis.plus(-3, 4)).isEqualTo(1);
        assertThat(Millis.plus(MAX - 1, 1)).isEqualTo(MAX);
        assertThat(Millis.plus(MAX, 1)).isEqualTo(MAX);
        assertThat(Millis.plus(MIN, -1)).isEqualTo(MIN);
        assertThat(Millis.plus(MIN, MAX)).isEqualTo(-1);
    }

    @Test
    void differencesStopAtTheEnds() {
        assertThat(Millis.minus(3, 4)).isEqualTo(-1);
        assertThat(Millis.minus(MIN, 1)).isEqualTo(MIN);
        assertThat(Millis.minus(MAX, -1)).isEqualTo(MAX);
        assertThat(Millis.minus(0, MIN)).isEqualTo(MAX);
        assertThat(Millis.minus(-1, MIN)).isEqualTo(MAX);
        assertThat(Millis.minus(MIN, MIN)).isZero();
    }
}
