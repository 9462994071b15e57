package dev.adpipe.local.guarantee;

import java.util.OptionalLong;

/** One fault that was done: what, when, whom, and how long joining took to go on. Used by one thread. */
final class Strike {
    private final String fault;
    private String whom = "";
    private long at = System.currentTimeMillis();
    private OptionalLong joinedAgain = OptionalLong.empty();

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

    void joinedAgain(OptionalLong seen) {
        joinedAgain = seen;
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

    /** Milliseconds from the fault to the first new joined record that could be read; empty if none came. */
    OptionalLong recovery() {
        return joinedAgain.isPresent()
                ? OptionalLong.of(Math.max(0, joinedAgain.getAsLong() - at))
                : OptionalLong.empty();
    }
}
