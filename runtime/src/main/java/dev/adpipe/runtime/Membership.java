package dev.adpipe.runtime;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A container's place in its group: what it reports to the leader and what it was told last. Lives as long as the
 * container's clients. Used by the container's thread only, also by the assignor, which is called from within {@code poll}.
 */
final class Membership {
    /** Client property through which the assignor gets this object. */
    static final String CONFIG = "adpipe.membership";

    private final String id;
    private final int standbys;
    private Supplier<Map<Integer, Copy>> copies = Map::of;
    private MemberOrders orders = MemberOrders.NONE;
    private int rounds;
    private final Set<String> seen = new TreeSet<>();

    /**
     * @param id       the container's transactional id
     * @param standbys copies of each task beside its owner's; 0 for stages without state
     */
    Membership(String id, int standbys) {
        this.id = id;
        this.standbys = standbys;
    }

    int standbys() {
        return standbys;
    }

    /** From now on these are reported. */
    void reporting(Supplier<Map<Integer, Copy>> held) {
        copies = held;
    }

    MemberReport report() {
        return new MemberReport(id, copies.get(), orders.promised());
    }

    void ordered(MemberOrders told) {
        orders = told;
        rounds++;
        seen.addAll(told.live());
    }

    MemberOrders orders() {
        return orders;
    }

    /** How many times the leader has given orders. */
    int rounds() {
        return rounds;
    }

    /** Whether the leader has told who is in the group. */
    boolean knowsOthers() {
        return !orders.live().isEmpty();
    }

    boolean isLive(String other) {
        return other.equals(id) || orders.live().contains(other);
    }

    /** Members that this container has known and that are not in the group any more. */
    Set<String> departed() {
        Set<String> gone = new TreeSet<>(seen);
        gone.removeIf(this::isLive);
        return gone;
    }
}
