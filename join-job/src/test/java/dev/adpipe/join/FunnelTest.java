package dev.adpipe.join;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expected numbers are worked out by hand from DESIGN §5. */
class FunnelTest {
    private static Funnel funnel(Pipelines pipeline) {
        return new Funnel(pipeline.definition().streams(), 10);
    }

    @Test
    void twoStreams() {
        Funnel funnel = funnel(new Pipelines().stream("imp", 0).stream("click", 100));

        assertThat(funnel.keep(0)).isEqualTo(110); // within(click) + skew
        assertThat(funnel.keep(1)).isEqualTo(120); // keep(imp) + skew
        assertThat(funnel.mayBeParent(0, 1)).isTrue();
        assertThat(funnel.mayHaveChildren(0)).isTrue();
        assertThat(funnel.mayHaveChildren(1)).isFalse();
    }

    @Test
    void aShortWindowAfterALongOneIsKeptAsLongAsTheLongOne() {
        Funnel funnel = funnel(new Pipelines().stream("a", 0).stream("b", 5).stream("c", 1000).stream("d", 20));

        assertThat(funnel.keep(0)).isEqualTo(15);
        assertThat(funnel.keep(1)).isEqualTo(1010); // within(c) + skew > keep(a) + skew
        assertThat(funnel.keep(2)).isEqualTo(1020); // keep(b) + skew > within(d) + skew
        assertThat(funnel.keep(3)).isEqualTo(1030);
    }

    @Test
    void parentsReachBackOverOptionalStreamsToTheNextOther() {
        Funnel funnel = funnel(
                new Pipelines().stream("a", 0).stream("b", 10).optional("c", 20).optional("d", 30).stream("e", 400));

        assertThat(funnel.firstParent(4)).isEqualTo(1);
        assertThat(funnel.firstParent(3)).isEqualTo(1);
        assertThat(funnel.firstParent(2)).isEqualTo(1);
        assertThat(funnel.firstParent(1)).isEqualTo(0);
        assertThat(funnel.mayBeParent(0, 4)).isFalse();
        assertThat(funnel.keep(0)).isEqualTo(20);
        assertThat(funnel.keep(1)).isEqualTo(410); // e may have b as its parent
        assertThat(funnel.keep(2)).isEqualTo(420);
        assertThat(funnel.keep(3)).isEqualTo(430);
        assertThat(funnel.keep(4)).isEqualTo(440); // keep(d) + skew
    }

    @Test
    void theWindowToTheMillisecond() {
        Funnel funnel = funnel(new Pipelines().stream("imp", 0).stream("click", 100));

        assertThat(funnel.matches(1000, 1, 989)).isFalse();
        assertThat(funnel.matches(1000, 1, 990)).isTrue();
        assertThat(funnel.matches(1000, 1, 1100)).isTrue();
        assertThat(funnel.matches(1000, 1, 1101)).isFalse();
        assertThat(funnel.latestParent(990)).isEqualTo(1000);
        assertThat(funnel.earliestChild(1000)).isEqualTo(990);
        assertThat(funnel.latestChild(1000, 1)).isEqualTo(1100);
        assertThat(funnel.due(1000)).isEqualTo(1010);
        assertThat(funnel.firstTimeDueAfter(1009)).isEqualTo(1000);
        assertThat(funnel.firstTimeDueAfter(1010)).isEqualTo(1001);
    }

    @Test
    void absurdTimesDoNotWrapAround() {
        Funnel funnel = funnel(new Pipelines().stream("imp", 0).stream("click", 100));

        Horizons horizons = new Horizons();
        horizons.define(funnel, Long.MIN_VALUE, Long.MIN_VALUE);
        assertThat(horizons.of(0, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(funnel.matches(Long.MIN_VALUE, 1, Long.MAX_VALUE)).isFalse();
        assertThat(funnel.matches(Long.MAX_VALUE, 1, Long.MIN_VALUE)).isFalse();
        assertThat(funnel.matches(Long.MAX_VALUE, 1, Long.MAX_VALUE)).isTrue();
        assertThat(funnel.firstTimeDueAfter(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    }
}
