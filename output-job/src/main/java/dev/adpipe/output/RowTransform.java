package dev.adpipe.output;

/**
 * What no declaration can say: code of a customer's own that changes rows. Found by {@link java.util.ServiceLoader} and
 * selected with {@code output.transform = <name>}.
 *
 * <p>One object per container, called by its thread only. After an abort records come again, so it keeps nothing from one
 * row for the next. It may change, add and drop fields, not rows: each event is one row, and each event is counted.
 */
public interface RowTransform {

    /** What the definition calls it. */
    String name();

    /**
     * Changes the row of one event. An exception sends the record to the dead letters as {@code transform-failed}, with
     * {@code emit = on-close} all events in it.
     */
    void apply(Row row, JoinedView view);
}
