package dev.adpipe.runtime;

import java.util.Collection;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where a job says what there is to see of it in the metrics, so that every series is there from the start: a counter that
 * appears with its first event has lost that event for whoever asks for its rate.
 *
 * <p>Used by the container's thread, while the job is asked.
 */
public interface Measures {

    /** Reasons for which events may end unmatched. */
    void unmatched(Collection<String> reasons);

    /** Reasons for which records may become dead letters. */
    void deadLetters(Collection<String> reasons);

    /**
     * A count of the job's own, {@code adpipe_<name>_total}, under the labels of its container and one more.
     *
     * @param name  with dots, in the catalogue {@code docs/metrics.md}
     * @param total never falls, and rises with commits only; asked by the scraper's thread
     */
    void counter(String name, String help, String label, String value, LongSupplier total);

    /**
     * A value of the job's own, {@code adpipe_<name>}, under the labels of its container and one more.
     *
     * @param name with dots, in the catalogue {@code docs/metrics.md}
     * @param now  asked by the scraper's thread
     */
    void gauge(String name, String help, String label, String value, DoubleSupplier now);
}
