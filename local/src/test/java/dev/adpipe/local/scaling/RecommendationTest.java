package dev.adpipe.local.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.local.scaling.StageLoad.PartitionLoad;
import dev.adpipe.local.scaling.StageLoad.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Numbers worked out by hand, with a true rate of 1,000 records/s: a container takes 700/s at its target. */
class RecommendationTest {
    private int members = 1;
    private int least = 1;
    private double busiest = 0.9;
    private double commitSeconds = 1;

    @Test
    void theInputIsKeptAtTheTargetUtilization() {
        assertThat(containers(even(60, 699, 0))).isEqualTo(1);
        assertThat(containers(even(60, 771, 0))).isEqualTo(2);
        members = 2;
        assertThat(containers(even(60, 701, 0))).isEqualTo(2);
        assertThat(containers(even(60, 6_999, 0))).isEqualTo(10);
    }

    @Test
    void theBacklogIsToBeGoneInTenMinutes() {
        // 0.5 for the input; 600,000 in 600 s takes the whole of one container.
        assertThat(containers(even(60, 350, 600_000))).isEqualTo(2);
        assertThat(containers(even(60, 350, 900_000))).isEqualTo(2);
        members = 3;
        assertThat(containers(even(60, 350, 901_000))).isEqualTo(3);
    }

    @Test
    void neverMoreThanPartitionsAndSaysSo() {
        Recommendation four = of(even(4, 100_000, 1e9));
        assertThat(four.containers()).hasValue(4);
        assertThat(four.steps()).anyMatch(step -> step.startsWith("bounded: the input has 4 partitions"));
    }

    @Test
    void neverFewerThanTheLeast() {
        assertThat(containers(even(4, 0, 0))).isEqualTo(1);
        assertThat(containers(even(4, 0.1, 0))).isEqualTo(1);
        least = 2;
        assertThat(containers(even(4, 0, 0))).isEqualTo(2);
        assertThat(containers(even(4, 0.1, 0))).isEqualTo(2);
        least = 3;
        assertThat(containers(even(2, 0.1, 0)))
                .as("standbys beyond the partitions")
                .isEqualTo(3);
    }

    /** Of 12 equal partitions, seven containers have two in the worst case, as six have. */
    @Test
    void containersThatRelieveNobodyAreNotAskedFor() {
        Recommendation six = of(even(12, 4_500, 0)); // 6.43 containers, on six 75 % each
        assertThat(six.containers()).hasValue(6);
        assertThat(six.steps())
                .contains("partitions are not divided: of 7 containers the busiest would be busy 75 %, of 6: 75 %; so 6"
                        + " containers");
    }

    /** 5,400/s on six containers are 90 %: too much, and only twelve have less. */
    @Test
    void wholePartitionsMayTakeMoreThanTheFormula() {
        assertThat(containers(even(12, 5_400, 0))).isEqualTo(12);
    }

    @Test
    void unequalPartitionsOfTwoTopicsAreSharedOutByLoad() {
        List<PartitionLoad> raw = new ArrayList<>(even(4, 2_600, 0));
        raw.addAll(even(4, 13, 0)); // clicks
        assertThat(containers(raw)).isEqualTo(4);
    }

    @Test
    void aHotPartitionIsSaidNotScaledAt() {
        List<PartitionLoad> hot = new ArrayList<>(even(11, 1_100, 0));
        hot.add(new PartitionLoad("hot-11", 5_000, 0));
        Recommendation recommendation = of(hot);
        // The hot one in a container of its own, the others, 1.57 containers, in two; the formula alone says 9.
        assertThat(recommendation.containers()).hasValue(3);
        assertThat(recommendation.steps())
                .anyMatch(step -> step.startsWith("partition hot-11 alone would keep 5.00 containers busy"));
        assertThat(of(even(12, 6_000, 0)).steps()).noneMatch(step -> step.contains("alone"));
    }

    @Test
    void backlogOfIdleContainersIsNoReasonToScale() {
        members = 2;
        busiest = 0.2;
        Recommendation kept = of(even(60, 100, 2e6));
        assertThat(kept.containers()).hasValue(2);
        assertThat(kept.steps()).anyMatch(step -> step.contains("not for lack of containers"));
        busiest = 0.8;
        assertThat(containers(even(60, 100, 2e6))).isEqualTo(4);
    }

    /** What is measured goes up and down by some hundredths all the time. */
    @Test
    void aTenthOverTheTargetAddsNone() {
        members = 3;
        assertThat(containers(even(60, 2_050, 0))).isEqualTo(3);
        assertThat(of(even(60, 2_200, 0)).steps())
                .contains(
                        "no more than now, 3 containers: the busiest would be busy 73 %, which is on the target, give or"
                                + " take a tenth");
        assertThat(containers(even(60, 2_320, 0))).isEqualTo(4);
        members = 4;
        assertThat(containers(even(60, 2_050, 0))).as("fewer without tolerance").isEqualTo(3);
    }

    @Test
    void unevenLoadIsSaid() {
        members = 1;
        assertThat(of(even(60, 300, 0)).steps()).as("20 of 60 s, 33 %").anyMatch(step -> step.startsWith("unevenly"));
        busiest = 0.5;
        assertThat(of(even(60, 300, 0)).steps()).noneMatch(step -> step.startsWith("unevenly"));
    }

    @Test
    void timeInCommitsIsSaid() {
        assertThat(of(even(60, 100, 0)).steps()).noneMatch(step -> step.contains("commits"));
        commitSeconds = 12;
        assertThat(of(even(60, 100, 0)).steps())
                .anyMatch(step -> step.startsWith("60 % of the busy time were commits"));
    }

    @Test
    void withoutMeasurementsThePresentNumberIsKept() {
        Recommendation none = Recommendation.of(
                new StageLoad("join", 2, 1, even(4, 9_000, 1e6), 60, Optional.empty(), "no container answers"),
                ScalingRules.DEFAULT);
        assertThat(none.containers()).isEqualTo(OptionalInt.empty());
        assertThat(none.steps()).containsExactly("no container answers: the present number is kept");
    }

    @Test
    void nothingDoneIsNoTrueRateOfZero() {
        Recommendation none = Recommendation.of(
                new StageLoad("output", 2, 1, even(4, 10, 100), 9, Optional.of(new Work(60, 0, 1, 0, 0.01)), ""),
                ScalingRules.DEFAULT);
        assertThat(none.containers()).isEmpty();
        assertThat(none.steps().get(0)).startsWith("nothing was done in 60.0 s");
    }

    private int containers(List<PartitionLoad> partitions) {
        return of(partitions).containers().orElseThrow();
    }

    private Recommendation of(List<PartitionLoad> partitions) {
        return Recommendation.of(
                new StageLoad(
                        "join",
                        members,
                        least,
                        partitions,
                        1,
                        Optional.of(new Work(60, 20_000, 20, commitSeconds, busiest)),
                        ""),
                ScalingRules.DEFAULT);
    }

    private static List<PartitionLoad> even(int partitions, double perSecond, double backlog) {
        return IntStream.range(0, partitions)
                .mapToObj(p -> new PartitionLoad("t-" + p, perSecond / partitions, backlog / partitions))
                .toList();
    }
}
