package dev.adpipe.local.demo;

/**
 * Makes raw records of which it knows what must become of them. Time comes in, records go out to the consumer that it was
 * made with. Used by one thread.
 */
public interface Traffic {

    /** Makes what has become due. */
    void makeDue(long now);

    /**
     * Makes one new thing, of which others follow.
     *
     * @param lateIsCertain whether an event of ten minutes before the start is late without doubt; if not, none is made
     */
    void makeNew(long now, boolean lateIsCertain);

    /** Makes what events already made wait for, and forgets the rest. */
    void finish(long now);

    /** What was made so far, and what must come of it. */
    Expected expected();
}
