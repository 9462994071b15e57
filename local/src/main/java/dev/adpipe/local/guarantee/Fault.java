package dev.adpipe.local.guarantee;

/** Something that goes wrong. Stateless; what it picks at random it picks from the ground's random numbers. */
interface Fault {
    /** As the command line and the report have it. */
    String name();

    /** Whether there must be more brokers than one. */
    default boolean needsBrokers() {
        return false;
    }

    /**
     * Does it, and puts right what would not come right by itself; whether work goes on is looked at afterwards.
     *
     * @param strike told when it has struck, and whom
     */
    void strike(Ground ground, Strike strike);
}
