package dev.adpipe.runtime;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * Who gets which partition, and who keeps copies of it: one round of a cooperative rebalance. Pure: the same reports give
 * the same plan. Rounds follow each other until nothing moves any more.
 *
 * <ul>
 *   <li>A partition is never given to one member while another one may still have it: it is revoked first, and promised
 *       to the one that gets it in the next round.
 *   <li>A partition without an owner goes to a copy that is warm, even beyond balance; only a warm copy's owner goes on
 *       within seconds.
 *   <li>To even out, a partition moves only to a warm copy; until there is one, the target warms up.
 * </ul>
 */
final class WarmPlan {
    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final List<TopicPartition> partitions;
    private final Map<String, Member> members = new TreeMap<>();
    private final int standbys;
    private final long lagLimit;
    private final Map<TopicPartition, Long> heads = new HashMap<>();
    private final Map<TopicPartition, List<Member>> claimants = new HashMap<>();
    private final Map<TopicPartition, String> owners = new HashMap<>();
    private final Map<String, Set<TopicPartition>> placed = new TreeMap<>();
    private final Map<String, Share> shares = new TreeMap<>();

    /**
     * What a member says when it joins.
     *
     * @param name       unique in the group
     * @param process    it runs in: copies are of most use in others
     * @param topics     it subscribes to
     * @param claims     partitions that it believes to own
     * @param generation in which it got them
     * @param copies     state it holds, as an owner, as a standby or on its disk
     * @param promised   partitions that the last plan promised it
     */
    record Member(
            String name,
            String process,
            Set<String> topics,
            Set<TopicPartition> claims,
            int generation,
            Map<TopicPartition, Copy> copies,
            Set<TopicPartition> promised) {}

    /**
     * One member's part of the plan.
     *
     * @param active   what it owns now
     * @param standbys what it keeps copies of
     * @param warmUps  what moves to it once its copy is warm
     * @param promised what it gets in the next round, when its former owner has let it go
     */
    record Share(
            Set<TopicPartition> active,
            Set<TopicPartition> standbys,
            Set<TopicPartition> warmUps,
            Set<TopicPartition> promised) {
        static Share none() {
            return new Share(new TreeSet<>(ORDER), new TreeSet<>(ORDER), new TreeSet<>(ORDER), new TreeSet<>(ORDER));
        }
    }

    private WarmPlan(Collection<TopicPartition> partitions, Collection<Member> members, int standbys, long lagLimit) {
        this.partitions = partitions.stream().sorted(ORDER).toList();
        this.standbys = standbys;
        this.lagLimit = lagLimit;
        for (Member member : members) {
            this.members.put(member.name(), member);
            placed.put(member.name(), new HashSet<>());
            shares.put(member.name(), Share.none());
        }
    }

    /**
     * @param standbys copies of each partition beside its owner's
     * @param lagLimit a copy that lacks no more records than this is warm
     * @return by the members' names
     */
    static Map<String, Share> of(
            Collection<TopicPartition> partitions, Collection<Member> members, int standbys, long lagLimit) {
        WarmPlan plan = new WarmPlan(partitions, members, standbys, lagLimit);
        plan.make();
        return plan.shares;
    }

    private void make() {
        findOwners();
        Map<TopicPartition, String> at = placeAll();
        Map<TopicPartition, String> even = evenOut(at);
        StandbyPlaces places = new StandbyPlaces();
        for (TopicPartition partition : partitions) {
            String now = at.get(partition);
            if (now == null) {
                continue;
            }
            String wanted = even.get(partition);
            boolean moves = wanted.equals(now) || warm(members.get(wanted), partition);
            String target = moves ? wanted : now;
            if (!moves) {
                shares.get(wanted).warmUps().add(partition);
            }
            if (target.equals(owners.get(partition)) || claimants(partition).isEmpty()) {
                shares.get(target).active().add(partition);
            } else {
                shares.get(target).promised().add(partition);
            }
            places.choose(partition, target);
        }
    }

    /**
     * A claim of an earlier generation than the newest is doubtful, and so are two of the same: nobody owns such a partition,
     * and nobody gets it before all have let it go.
     */
    private void findOwners() {
        int newest = members.values().stream()
                .filter(m -> !m.claims().isEmpty())
                .mapToInt(Member::generation)
                .max()
                .orElse(-1);
        for (Member member : members.values()) {
            member.claims()
                    .forEach(p ->
                            claimants.computeIfAbsent(p, k -> new ArrayList<>()).add(member));
            member.copies().forEach((p, copy) -> heads.merge(p, Math.max(copy.position(), copy.end()), Math::max));
        }
        claimants.forEach((partition, claiming) -> {
            List<Member> sure =
                    claiming.stream().filter(m -> m.generation() == newest).toList();
            if (sure.size() == 1 && sure.get(0).topics().contains(partition.topic())) {
                owners.put(partition, sure.get(0).name());
            }
        });
    }

    /** Where each partition is best now, balance being second to warmth. */
    private Map<TopicPartition, String> placeAll() {
        Map<TopicPartition, String> at = new HashMap<>();
        List<TopicPartition> free = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            String owner = owners.get(partition);
            if (owner != null && (warm(members.get(owner), partition) || !warmElsewhere(partition))) {
                place(at, partition, owner);
            } else {
                free.add(partition);
            }
        }
        free.removeIf(partition -> {
            for (Member member : eligible(partition)) {
                if (member.promised().contains(partition) && warm(member, partition)) {
                    place(at, partition, member.name());
                    return true;
                }
            }
            return false;
        });
        Map<TopicPartition, List<Member>> candidates = free.stream().collect(Collectors.toMap(p -> p, this::freshest));
        free.sort(Comparator.<TopicPartition>comparingInt(p -> candidates.get(p).size())
                .thenComparing(ORDER));
        for (TopicPartition partition : free) {
            candidates.get(partition).stream()
                    .min(Comparator.<Member, Boolean>comparing(m -> !hasRoom(m))
                            .thenComparing(m -> -position(m, partition))
                            .thenComparing(m -> placed.get(m.name()).size())
                            .thenComparing(Member::name))
                    .ifPresent(best -> place(at, partition, best.name()));
        }
        return at;
    }

    private void place(Map<TopicPartition, String> at, TopicPartition partition, String member) {
        at.put(partition, member);
        placed.get(member).add(partition);
    }

    /** Within balance: everybody has the same number of partitions, or one more. */
    private boolean hasRoom(Member member) {
        int floor = partitions.size() / members.size();
        int load = placed.get(member.name()).size();
        if (load != floor) {
            return load < floor;
        }
        long larger = placed.values().stream().filter(p -> p.size() > floor).count();
        return larger < partitions.size() % members.size();
    }

    private Map<TopicPartition, String> evenOut(Map<TopicPartition, String> at) {
        Map<TopicPartition, String> even = new HashMap<>(at);
        for (Move move = bestMove(); move != null; move = bestMove()) {
            placed.get(move.from()).remove(move.partition());
            place(even, move.partition(), move.to().name());
        }
        return even;
    }

    private record Move(TopicPartition partition, String from, Member to, int gap, long lag) {}

    /** From the fullest to the emptiest; of these, what the new owner lacks least of. Null: they are even. */
    private Move bestMove() {
        Move best = null;
        for (Map.Entry<String, Set<TopicPartition>> from : placed.entrySet()) {
            for (Member to : members.values()) {
                int gap = from.getValue().size() - placed.get(to.name()).size();
                if (gap < 2 || (best != null && gap < best.gap())) {
                    continue;
                }
                for (TopicPartition partition : from.getValue()) {
                    Move move = new Move(partition, from.getKey(), to, gap, lag(to, partition));
                    if (to.topics().contains(partition.topic()) && (best == null || isBetter(move, best))) {
                        best = move;
                    }
                }
            }
        }
        return best;
    }

    private boolean isBetter(Move move, Move than) {
        return Comparator.<Move>comparingInt(m -> -m.gap())
                        .thenComparing(m -> m.lag() > lagLimit)
                        .thenComparing(Move::lag)
                        .thenComparing(Move::partition, ORDER)
                        .compare(move, than)
                < 0;
    }

    private boolean warmElsewhere(TopicPartition partition) {
        return eligible(partition).stream().anyMatch(m -> warm(m, partition));
    }

    /** Members that are about as far as the one that is furthest. */
    private List<Member> freshest(TopicPartition partition) {
        List<Member> eligible = eligible(partition);
        long best =
                eligible.stream().mapToLong(m -> position(m, partition)).max().orElse(0);
        return eligible.stream()
                .filter(m -> position(m, partition) >= best - lagLimit || warm(m, partition))
                .toList();
    }

    private List<Member> eligible(TopicPartition partition) {
        return members.values().stream()
                .filter(m -> m.topics().contains(partition.topic()))
                .toList();
    }

    private List<Member> claimants(TopicPartition partition) {
        return claimants.getOrDefault(partition, List.of());
    }

    private boolean warm(Member member, TopicPartition partition) {
        return lag(member, partition) <= lagLimit;
    }

    /** By the end of the log that it saw itself, if any: the others' word is older or younger by up to a heartbeat. */
    private long lag(Member member, TopicPartition partition) {
        Copy copy = member.copies().getOrDefault(partition, Copy.NONE);
        long end = copy.end() >= 0 ? copy.end() : heads.getOrDefault(partition, 0L);
        return Math.max(0, end - copy.position());
    }

    private static long position(Member member, TopicPartition partition) {
        return member.copies().getOrDefault(partition, Copy.NONE).position();
    }

    /** In other processes than the owner's first, since they die whole; of these the freshest first, none with more than its share if that can be, and those of one owner with many. */
    private final class StandbyPlaces {
        private final Map<String, Integer> load = new HashMap<>();
        private final Map<String, Integer> loadOfOwner = new HashMap<>();
        private final List<String> ring = List.copyOf(members.keySet());
        private final int most = members.isEmpty() ? 0 : (partitions.size() * standbys - 1) / members.size() + 1;

        void choose(TopicPartition partition, String owner) {
            String process = members.get(owner).process();
            List<Member> others = eligible(partition).stream()
                    .filter(m -> !m.name().equals(owner))
                    .sorted(Comparator.<Member, Boolean>comparing(
                                    m -> m.process().equals(process))
                            .thenComparing(m -> load(m) >= most)
                            .thenComparing(m -> -position(m, partition))
                            .thenComparing(this::load)
                            .thenComparing(m -> loadOfOwner.getOrDefault(owner + '\n' + m.name(), 0))
                            .thenComparing(
                                    m -> Math.floorMod(ring.indexOf(m.name()) - ring.indexOf(owner), ring.size())))
                    .toList();
            List<Member> chosen = others.subList(0, Math.min(standbys, others.size()));
            for (Member member : chosen) {
                load.merge(member.name(), 1, Integer::sum);
                loadOfOwner.merge(owner + '\n' + member.name(), 1, Integer::sum);
                shares.get(member.name()).standbys().add(partition);
            }
            if (!chosen.isEmpty() && chosen.stream().noneMatch(m -> warm(m, partition))) {
                // Until a new copy is warm, an old one that is stays: the owner may die meanwhile.
                others.stream()
                        .filter(m -> warm(m, partition))
                        .findFirst()
                        .ifPresent(m -> shares.get(m.name()).standbys().add(partition));
            }
        }

        private int load(Member member) {
            return load.getOrDefault(member.name(), 0);
        }
    }
}
