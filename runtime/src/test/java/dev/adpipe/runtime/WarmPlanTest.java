package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.WarmPlan.Member;
import dev.adpipe.runtime.WarmPlan.Share;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Single rules of the plan by example, and all of them over random lives of random groups. */
class WarmPlanTest {
    private static final long LIMIT = 100;

    @Test
    void thoseWithoutStateShareEvenly() {
        Map<String, Share> plan = plan(7, 0, member("a"), member("b"), member("c"));
        assertThat(plan.values()).extracting(s -> s.active().size()).containsExactlyInAnyOrder(3, 2, 2);
        assertThat(plan.values()).allSatisfy(s -> assertThat(s.standbys()).isEmpty());
    }

    @Test
    void aDeadOwnersPartitionsGoToItsWarmCopyEvenBeyondBalance() {
        Map<String, Share> plan = plan(
                4,
                1,
                member("a", owns(0, 1), copies(5_000, 5_000, 5_000, 5_000)),
                member("b", owns(), copies(0, 0, 0, 0)));
        assertThat(plan.get("a").active()).containsExactlyInAnyOrderElementsOf(partitions(0, 1, 2, 3));
        assertThat(plan.get("b").active()).isEmpty();
        assertThat(plan.get("b").warmUps()).hasSize(2);
    }

    @Test
    void amongWarmCopiesBalanceDecides() {
        Map<String, Share> plan = plan(
                4,
                1,
                member("a", owns(0, 1), copies(5_000, 5_000, 5_000, 5_000)),
                member("b", owns(), copies(0, 0, 4_950, 4_950)));
        assertThat(plan.get("a").active()).containsExactlyInAnyOrderElementsOf(partitions(0, 1));
        assertThat(plan.get("b").active()).containsExactlyInAnyOrderElementsOf(partitions(2, 3));
    }

    @Test
    void theFreshestDiskWins() {
        Map<String, Share> plan = plan(
                2,
                1,
                member("a", owns(), copies(900, 5_000)),
                member("b", owns(), copies(5_000, 900)),
                member("c", owns(), copies(0, 0)));
        assertThat(plan.get("a").active()).containsExactlyInAnyOrderElementsOf(partitions(1));
        assertThat(plan.get("b").active()).containsExactlyInAnyOrderElementsOf(partitions(0));
    }

    @Test
    void aWarmTargetIsPromisedThePartitionAndGetsItOnceItIsLetGo() {
        Map<String, Share> first =
                plan(2, 1, member("a", owns(0, 1), copies(5_000, 5_000)), member("b", owns(), copies(0, 4_999)));
        assertThat(first.get("a").active()).containsExactlyInAnyOrderElementsOf(partitions(0));
        assertThat(first.get("b").active()).isEmpty();
        assertThat(first.get("b").promised()).containsExactlyInAnyOrderElementsOf(partitions(1));
        Map<String, Share> second = plan(
                2,
                1,
                member("a", owns(0), copies(5_000, 5_000)),
                new Member("b", "b", Set.of("t"), Set.of(), 7, copies(0, 4_999), partitions(1)));
        assertThat(second.get("b").active()).containsExactlyInAnyOrderElementsOf(partitions(1));
    }

    @Test
    void anOwnerThatRestoresGivesWayToAWarmCopy() {
        Map<String, Share> plan = plan(
                2,
                0,
                new Member(
                        "a", "a", Set.of("t"), partitions(0), 7, Map.of(partition(0), new Copy(10, 9_000)), Set.of()),
                member("b", owns(1), copies(9_000, 0)));
        assertThat(plan.get("a").active()).isEmpty();
        assertThat(plan.get("b").promised()).contains(partition(0));
    }

    @Test
    void aCopyIsJudgedByTheEndThatItSawItself() {
        // Its owner's word is a second younger and thousands of records further.
        Map<String, Share> plan = plan(
                2,
                1,
                member("a", owns(0, 1), copies(90_000, 90_000)),
                new Member(
                        "b", "b", Set.of("t"), Set.of(), 7, Map.of(partition(1), new Copy(70_000, 70_010)), Set.of()));
        assertThat(plan.get("b").promised()).containsExactlyInAnyOrderElementsOf(partitions(1));
    }

    @Test
    void whatTwoClaimIsGivenToNobodyUntilBothHaveLetGo() {
        Map<String, Share> plan = plan(1, 0, member("a", owns(0), copies(1)), member("b", owns(0), copies(1)));
        assertThat(plan.values()).allSatisfy(s -> assertThat(s.active()).isEmpty());
    }

    @Test
    void anOlderClaimGivesWayToANewerOne() {
        Member stale = new Member("a", "a", Set.of("t"), partitions(0), 6, copies(9_000, 9_000), Set.of());
        Map<String, Share> plan = plan(1, 0, stale, member("b", owns(0), copies(9_000, 9_000)));
        assertThat(plan.get("a").active()).isEmpty();
        assertThat(plan.get("b").active()).contains(partition(0));
    }

    @Test
    void aTopicGoesToThoseWhoSubscribeToIt() {
        Member old = new Member("a", "a", Set.of("t"), Set.of(), 7, Map.of(), Set.of());
        Member fresh = new Member("b", "b", Set.of("t", "u"), Set.of(), 7, Map.of(), Set.of());
        TopicPartition other = new TopicPartition("u", 0);
        Map<String, Share> plan =
                WarmPlan.of(List.of(partition(0), partition(1), partition(2), other), List.of(old, fresh), 0, LIMIT);
        assertThat(plan.get("b").active()).contains(other);
    }

    @Test
    void copiesStayWhereTheyAreWarmUntilANewOneIs() {
        // c is new and has room; b has more copies than its share, but its death would find no other warm copy.
        Map<String, Share> plan = plan(
                3,
                1,
                member("a", owns(0, 1, 2), copies(9_000, 9_000, 9_000)),
                member("b", owns(), copies(9_000, 9_000, 9_000)),
                member("c", owns(), copies(0, 0, 0)));
        for (TopicPartition partition : partitions(0, 1, 2)) {
            assertThat(plan.values()).anySatisfy(s -> assertThat(s.standbys()).contains(partition));
        }
        assertThat(plan.get("b").standbys().size() + plan.get("b").promised().size())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void copiesAreSpreadEvenly() {
        Map<String, Share> plan = plan(
                6,
                1,
                member("a", owns(0, 1), Map.of()),
                member("b", owns(2, 3), Map.of()),
                member("c", owns(4, 5), Map.of()));
        assertThat(plan.values()).allSatisfy(s -> assertThat(s.standbys()).hasSize(2));
        // If one dies, not all it had goes to the same member.
        assertThat(plan.get("b").standbys())
                .containsAnyElementsOf(partitions(0, 1))
                .isNotEqualTo(partitions(0, 1));
    }

    /** It dies with its process, and all containers of that with it. */
    @Test
    void copiesAreInOtherProcessesThanTheirOwner() {
        Map<String, Share> plan = plan(
                2,
                1,
                new Member("a-0", "a", Set.of("t"), partitions(0), 7, copies(9_000, 9_000), Set.of()),
                new Member("a-1", "a", Set.of("t"), partitions(1), 7, copies(9_000, 9_000), Set.of()),
                new Member("b-0", "b", Set.of("t"), Set.of(), 7, copies(9_000, 0), Set.of()));
        assertThat(plan.get("b-0").standbys()).containsExactlyInAnyOrderElementsOf(partitions(0, 1));
        // Partition 1 keeps a warm copy until the one elsewhere is warm.
        assertThat(plan.get("a-0").standbys()).containsExactlyInAnyOrderElementsOf(partitions(1));
    }

    @Test
    void randomGroupsKeepAllRules() {
        long seed = System.nanoTime();
        System.out.println("WarmPlanTest seed " + seed);
        for (int group = 0; group < 400; group++) {
            new GroupModel(new Random(seed + group)).live(60);
        }
    }

    @Test
    void manyMembersComeToAnEvenShareInFewRounds() {
        GroupModel group = new GroupModel(new Random(1), 60, 2);
        group.join();
        group.settle();
        for (int i = 0; i < 11; i++) {
            group.join();
        }
        group.settle();
        assertThat(group.rounds()).isLessThan(20);
    }

    private static Map<String, Share> plan(int partitions, int standbys, Member... members) {
        return WarmPlan.of(
                IntStream.range(0, partitions).mapToObj(WarmPlanTest::partition).toList(),
                Arrays.asList(members),
                standbys,
                LIMIT);
    }

    private static Member member(String name) {
        return member(name, owns(), Map.of());
    }

    private static Member member(String name, Set<TopicPartition> owns, Map<TopicPartition, Copy> copies) {
        return new Member(name, name, Set.of("t"), owns, 7, copies, Set.of());
    }

    private static Set<TopicPartition> owns(int... numbers) {
        return partitions(numbers);
    }

    private static Set<TopicPartition> partitions(int... numbers) {
        return IntStream.of(numbers).mapToObj(WarmPlanTest::partition).collect(Collectors.toSet());
    }

    private static Map<TopicPartition, Copy> copies(long... positions) {
        Map<TopicPartition, Copy> copies = new HashMap<>();
        for (int i = 0; i < positions.length; i++) {
            copies.put(partition(i), Copy.unseen(positions[i]));
        }
        return copies;
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition("t", number);
    }
}
