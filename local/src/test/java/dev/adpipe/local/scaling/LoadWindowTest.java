package dev.adpipe.local.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A stage with two partitions of 100 records/s each, done by two containers that are busy a quarter of their time. */
class LoadWindowTest {
    private final LoadWindow window = new LoadWindow(1, true);

    @Test
    void trueRateIsWhatWasDoneOverBusyTime() {
        for (int t = 0; t <= 30; t++) {
            look(t, 1, 1);
        }
        StageLoad load = window.load();
        assertThat(load.perSecond()).isEqualTo(200);
        assertThat(load.work()).contains(new StageLoad.Work(30, 6_000, 15, 3.75, 0.25));
    }

    @Test
    void oldLooksAreForgotten() {
        for (int t = 0; t <= 300; t++) {
            look(t, 1, 1);
        }
        assertThat(window.load().work().orElseThrow().seconds()).isEqualTo(60);
    }

    /** A container that restores is busy and does nothing, and what it was busy with meanwhile must not count. */
    @Test
    void timeWithoutAllPartitionsDoesNotCount() {
        for (int t = 0; t <= 10; t++) {
            look(t, 1, 1);
        }
        for (int t = 11; t <= 20; t++) {
            look(t, 1, 0);
        }
        assertThat(window.load().work()).isEmpty();
        assertThat(window.load().whyNoWork()).startsWith("the containers that answer run 1 of 2 partitions");
        for (int t = 21; t <= 30; t++) {
            look(t, 1, 1);
        }
        assertThat(window.load().work()).isEmpty();
        assertThat(window.load().whyNoWork()).startsWith("measured for 19.0 s");
        look(31, 1, 1);
        assertThat(window.load().work().map(StageLoad.Work::seconds)).contains(20.0);
        assertThat(window.load().work().map(StageLoad.Work::done)).contains(4_000.0);
    }

    /** A machine with much to do answers late now and then. */
    @Test
    void anAnswerThatIsMissingIsBridged() {
        for (int t = 0; t <= 30; t++) {
            if (t % 3 == 1) {
                window.add(t * 1_000L, Stages.of(2, t * 200L, 0), List.of(sample("c-0", t * 0.25, 1)));
            } else {
                look(t, 1, 1);
            }
        }
        assertThat(window.load().work().map(StageLoad.Work::seconds)).contains(30.0);
        assertThat(window.load().work().map(StageLoad.Work::busySeconds)).contains(15.0);
    }

    @Test
    void aRestartedContainersTotalsBeginAnew() {
        for (int t = 0; t <= 30; t++) {
            look(t, 1, 1);
        }
        window.add(31_000, Stages.of(2, 31 * 200, 0), List.of(sample("c-0", 31 * 0.25, 1), sample("c-1", 0.1, 1)));
        StageLoad.Work work = window.load().work().orElseThrow();
        assertThat(work.seconds()).isEqualTo(30);
        assertThat(work.busySeconds()).isEqualTo(15);
    }

    @Test
    void saysWhyNothingIsKnown() {
        window.add(0, Stages.of(0, 0, 0), List.of());
        assertThat(window.load().whyNoWork()).startsWith("nobody is in the group");
        window.add(1_000, Stages.of(2, 0, 0), List.of());
        assertThat(window.load().whyNoWork()).startsWith("no container answers");
        LoadWindow unserved = new LoadWindow(1, false);
        unserved.add(0, Stages.of(2, 0, 0), List.of());
        assertThat(unserved.load().whyNoWork()).contains("runtime.metrics-port is 0");
        assertThat(unserved.load().work()).isEqualTo(Optional.empty());
    }

    @Test
    void whatWaitsIsArrivedThoughNotDone() {
        window.add(0, Stages.of(2, 1_000, 0), List.of());
        window.add(10_000, Stages.of(2, 1_000, 500), List.of());
        assertThat(window.load().perSecond()).isEqualTo(50);
        assertThat(window.load().backlog()).isEqualTo(500);
    }

    private void look(int second, int runByFirst, int runBySecond) {
        window.add(
                second * 1_000L,
                Stages.of(2, second * 200L, 0),
                List.of(sample("c-0", second * 0.25, runByFirst), sample("c-1", second * 0.25, runBySecond)));
    }

    private static ContainerSample sample(String name, double busy, int running) {
        return new ContainerSample(Stages.NAME, name, 0.25, busy, busy / 4, running);
    }
}
