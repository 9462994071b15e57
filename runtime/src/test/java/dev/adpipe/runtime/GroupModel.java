package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.WarmPlan.Member;
import dev.adpipe.runtime.WarmPlan.Share;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * A group that lives by {@link WarmPlan}: members come, die, come back, miss an answer; copies are read on; the log grows.
 * Every round is held against the rules of a cooperative rebalance and of warmth.
 */
final class GroupModel {
    private static final long LIMIT = 100;

    private final Random random;
    private final List<TopicPartition> partitions;
    private final int standbys;
    private final Map<String, Model> members = new TreeMap<>();
    private final Map<String, Map<TopicPartition, Long>> disks = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private int generation;
    private int born;
    private int rounds;

    private static final class Model {
        private Set<TopicPartition> owned = new HashSet<>();
        private int generation = -1;
        private Share share = Share.none();
        private Map<TopicPartition, Long> disk = new HashMap<>();
    }

    GroupModel(Random random) {
        this(random, 1 + random.nextInt(13), random.nextInt(3));
    }

    GroupModel(Random random, int partitionCount, int standbys) {
        this.random = random;
        this.partitions = IntStream.range(0, partitionCount)
                .mapToObj(p -> new TopicPartition("t", p))
                .toList();
        this.standbys = standbys;
        partitions.forEach(p -> ends.put(p, random.nextBoolean() ? 0L : 10_000L));
    }

    int rounds() {
        return rounds;
    }

    void live(int events) {
        for (int event = 0; event < events; event++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> join();
                case 2 -> die();
                case 3 -> ends.replaceAll((p, end) -> end + random.nextInt(5_000));
                case 4 -> readOn(random.nextInt(3_000));
                default -> settle();
            }
            if (!members.isEmpty() && random.nextInt(3) > 0) {
                round(random.nextInt(4) == 0);
            }
        }
        settle();
    }

    /** A new container, or one that was here before, with what is on its disk. */
    void join() {
        String name = random.nextInt(3) > 0 || disks.isEmpty()
                ? "m" + ++born
                : disks.keySet().stream().sorted().findFirst().orElseThrow();
        if (!members.containsKey(name) && members.size() < 12) {
            Model model = new Model();
            model.disk = Optional.ofNullable(disks.remove(name)).orElseGet(HashMap::new);
            members.put(name, model);
        }
    }

    private void die() {
        if (!members.isEmpty()) {
            String name = new ArrayList<>(members.keySet()).get(random.nextInt(members.size()));
            disks.put(name, members.remove(name).disk);
        }
    }

    private void readOn(long records) {
        for (Model member : members.values()) {
            for (TopicPartition p : followed(member)) {
                member.disk.merge(p, records, (at, more) -> Math.min(ends.get(p), at + more));
                member.disk.computeIfPresent(p, (k, at) -> Math.min(ends.get(p), at));
            }
            // Owners restore first, then they are at the end.
            member.owned.forEach(p -> member.disk.put(p, ends.get(p)));
        }
    }

    private static Set<TopicPartition> followed(Model member) {
        Set<TopicPartition> followed = new HashSet<>(member.share.standbys());
        followed.addAll(member.share.warmUps());
        followed.addAll(member.share.promised());
        followed.removeAll(member.owned);
        return followed;
    }

    /** Rounds until nothing is to be done any more: few, and then the shares are even and the copies are where they should be. */
    void settle() {
        if (members.isEmpty()) {
            return;
        }
        int last = rounds + 12;
        boolean more = true;
        while (more) {
            assertThat(rounds).as("rounds until nothing moves: %s", this).isLessThan(last);
            boolean revoked = round(false);
            readOn(1_000_000);
            more = revoked
                    || members.values().stream()
                            .anyMatch(m -> !m.share.warmUps().isEmpty());
        }
        List<Integer> loads = members.values().stream().map(m -> m.owned.size()).toList();
        assertThat(loads.stream().mapToInt(l -> l).sum()).isEqualTo(partitions.size());
        assertThat(Collections.max(loads) - Collections.min(loads)).isLessThanOrEqualTo(1);
        int due = Math.min(standbys, members.size() - 1);
        for (TopicPartition p : partitions) {
            assertThat(members.values().stream()
                            .filter(m -> m.share.standbys().contains(p))
                            .count())
                    .isBetween((long) due, due + 1L);
        }
    }

    /**
     * @param failing whether some members miss the answer
     * @return whether somebody had to give something up, and so joins again at once
     */
    private boolean round(boolean failing) {
        rounds++;
        List<Member> reports = new ArrayList<>();
        members.forEach((name, model) -> reports.add(report(name, model)));
        Map<String, Share> plan = WarmPlan.of(partitions, reports, standbys, LIMIT);
        Collections.shuffle(reports, random);
        assertThat(WarmPlan.of(partitions, reports, standbys, LIMIT)).isEqualTo(plan);
        check(plan);
        generation++;
        boolean revoked = false;
        for (Map.Entry<String, Share> each : plan.entrySet()) {
            Model model = members.get(each.getKey());
            if (failing && random.nextInt(3) == 0) {
                continue;
            }
            revoked |= !each.getValue().active().containsAll(model.owned);
            model.owned = new HashSet<>(each.getValue().active());
            model.share = each.getValue();
            model.generation = generation;
        }
        Set<TopicPartition> held = new HashSet<>();
        members.values()
                .forEach(m -> m.owned.forEach(
                        p -> assertThat(held.add(p)).as("%s has two owners", p).isTrue()));
        return revoked;
    }

    private Member report(String name, Model model) {
        Map<TopicPartition, Copy> copies = new HashMap<>();
        Set<TopicPartition> followed = followed(model);
        model.disk.forEach((p, at) -> {
            boolean sawEnd = model.owned.contains(p) || followed.contains(p);
            copies.put(p, new Copy(at, sawEnd ? ends.get(p) : -1));
        });
        return new Member(
                name, name, Set.of("t"), Set.copyOf(model.owned), model.generation, copies, model.share.promised());
    }

    private void check(Map<String, Share> plan) {
        assertThat(plan.keySet()).isEqualTo(members.keySet());
        for (TopicPartition p : partitions) {
            List<String> active = having(plan, p, 0);
            List<String> next = having(plan, p, 3);
            List<String> claiming = members.entrySet().stream()
                    .filter(m -> m.getValue().owned.contains(p))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(active.size() + next.size()).as("%s has a place", p).isEqualTo(1);
            String holder = active.isEmpty() ? next.get(0) : active.get(0);
            if (!active.isEmpty() && !claiming.contains(holder)) {
                assertThat(claiming).as("%s is given away under its owner", p).isEmpty();
            }
            if (!claiming.contains(holder)) {
                long best = members.values().stream()
                        .mapToLong(m -> m.disk.getOrDefault(p, 0L))
                        .max()
                        .orElse(0);
                long lag = Math.min(lag(holder, p), best - at(holder, p));
                assertThat(lag).as("%s moves to %s, which is cold", p, holder).isLessThanOrEqualTo(LIMIT);
            }
            List<String> copies = having(plan, p, 1);
            assertThat(copies).doesNotContain(holder);
            assertThat(copies.size())
                    .isBetween(Math.min(standbys, members.size() - 1), standbys == 0 ? 0 : standbys + 1);
            boolean warmThere = members.keySet().stream().anyMatch(m -> !m.equals(holder) && lag(m, p) <= LIMIT);
            if (standbys > 0 && warmThere) {
                assertThat(copies).as("%s keeps a warm copy", p).anyMatch(m -> lag(m, p) <= LIMIT);
            }
        }
    }

    private long at(String member, TopicPartition p) {
        return members.get(member).disk.getOrDefault(p, 0L);
    }

    private long lag(String member, TopicPartition p) {
        Model model = members.get(member);
        boolean sawEnd = model.disk.containsKey(p)
                && (model.owned.contains(p) || followed(model).contains(p));
        long head = members.entrySet().stream()
                .mapToLong(m -> {
                    Model other = m.getValue();
                    boolean saw = other.disk.containsKey(p)
                            && (other.owned.contains(p) || followed(other).contains(p));
                    return saw ? ends.get(p) : other.disk.getOrDefault(p, 0L);
                })
                .max()
                .orElse(0);
        return (sawEnd ? ends.get(p) : head) - at(member, p);
    }

    /**
     * @param which 0: active, 1: standby, 3: promised
     */
    private static List<String> having(Map<String, Share> plan, TopicPartition p, int which) {
        List<String> names = new ArrayList<>();
        plan.forEach((name, share) -> {
            Set<TopicPartition> set = switch (which) {
                case 0 -> share.active();
                case 1 -> share.standbys();
                default -> share.promised();
            };
            if (set.contains(p)) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        members.forEach((name, m) -> text.append(name)
                .append(" owns ")
                .append(m.owned)
                .append(' ')
                .append(m.share)
                .append(" disk ")
                .append(m.disk)
                .append('\n'));
        return text.toString();
    }
}
