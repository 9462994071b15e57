package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowTimesTest {
    private final RowTimes times = new RowTimes();

    @Test
    void aStallBeginsWithTheFirstInputAfterTheLastRow() {
        times.row(2, 100);
        times.row(2, 5_000);
        times.input(90);
        times.input(1_000);
        times.input(2_000);
        times.sort();
        assertThat(times.longest(0, 10_000)).isEqualTo(new RowTimes.Stall(2, 1_000, 4_000));
    }

    @Test
    void rowsOfOtherPartitionsEndNoStall() {
        for (long at = 0; at <= 5_000; at += 100) {
            times.input(at);
            times.row(0, at);
            if (at <= 1_000 || at >= 4_000) {
                times.row(1, at);
            }
        }
        times.sort();
        assertThat(times.longest(0, 10_000)).isEqualTo(new RowTimes.Stall(1, 1_000, 3_000));
    }

    @Test
    void withoutInputThereIsNoStall() {
        times.row(2, 100);
        times.row(2, 5_000);
        times.input(50);
        times.sort();
        assertThat(times.longest(0, 10_000).millis()).isZero();
    }

    @Test
    void aStallCountsWhereItEnds() {
        for (long at : new long[] {100, 200, 1_200, 1_300, 1_800}) {
            times.row(2, at);
            times.input(at);
        }
        times.sort();
        assertThat(times.longest(0, 1_100).millis()).isEqualTo(100);
        assertThat(times.longest(1_100, 1_250).millis()).isEqualTo(1_000);
        assertThat(times.longest(1_250, 2_000).millis()).isEqualTo(500);
    }
}
