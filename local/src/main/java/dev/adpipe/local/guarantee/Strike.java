package dev.adpipe.local.guarantee;

import java.util.OptionalLong;

/** One fault that was done: what, when, whom, and how long work took to go on. Used by one thread. */
final class Strike {
    private final String fault;
    private String whom = "";
    private long at = System.currentTimeMillis();
    private OptionalLong joined = OptionalLong.empty();
    private OptionalLong row = OptionalLong.empty();

    Strike(String fault) {
        this.fault = fault;
    }

    /** Now it has struck: what comes after this is recovery. */
    void struck(String victim) {
        whom = victim;
        at = System.currentTimeMillis();
    }

    /** Said in addition, once it is known. */
    void note(String more) {
        whom = whom + ", " + more;
    }

    /** When the first joined record and the first row that are new could be read; empty if none came. */
    void recovered(OptionalLong joinedSeen, OptionalLong rowSeen) {
        joined = joinedSeen;
        row = rowSeen;
    }

    String fault() {
        return fault;
    }

    String whom() {
        return whom;
    }

    long at() {
        return at;
    }

    boolean recovered() {
        return joined.isPresent() && row.isPresent();
    }

    /** Milliseconds from the fault to the first new joined record; empty if none came. */
    OptionalLong untilJoined() {
        return since(joined);
    }

    /** Milliseconds from the fault to the first new row; empty if none came. */
    OptionalLong untilRow() {
        return since(row);
    }

    private OptionalLong since(OptionalLong seen) {
        return seen.isPresent() ? OptionalLong.of(Math.max(0, seen.getAsLong() - at)) : seen;
    }
}
