package dev.adpipe.output.push;

/** A receiver of rows that answers later. {@link #offer} and {@link #close} are called by one thread. */
public interface PushTarget extends AutoCloseable {

    /**
     * Takes a row, if there is room for it; never waits.
     *
     * @param time   of the row, milliseconds since the epoch
     * @param row    a JSON object in UTF-8; not changed by anyone afterwards
     * @param answer called once, by any thread, if the row was taken
     * @return whether it was taken
     */
    boolean offer(long time, byte[] row, Answer answer);

    /** Gives up what is on its way: there may be no answer for it any more. */
    @Override
    void close();

    /** What became of a row. */
    interface Answer {
        /** The receiver has it. */
        void sent();

        /** The receiver will never take it. */
        void dropped();

        /** It may be offered again; whether the receiver has it is not known. */
        void failed(String why);
    }
}
