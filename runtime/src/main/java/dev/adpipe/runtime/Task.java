package dev.adpipe.runtime;

import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The processing of one input partition.
 *
 * <p>Called by one thread only, records in the order of their offsets. A task must not act on the outside world except
 * through the {@link Collector}. What it keeps in fields, beyond caches, must be in {@link #metadata()} or in its state:
 * after an abort or a crash it is made anew from these. An exception thrown by a task ends the container; a record that
 * cannot be used is sent to the dead letters instead.
 */
public interface Task {

    /** Handles one record; the record and its arrays may be kept. */
    void process(ConsumerRecord<byte[], byte[]> record, Collector out);

    /**
     * Work that no record asks for, such as expiry. Called between records; does a bounded amount.
     *
     * @return whether there is more to do at once, in the next transaction
     */
    default boolean work(Collector out) {
        return false;
    }

    /**
     * The last call before what was done since the last commit is committed: by the interval, before partitions are given
     * up and before a clean stop. Only a task that was handed a record, sent something or changed its state since then is
     * asked. What is still held back is sent here, and what is counted here is part of the commit; after it nothing is held
     * any more. Not called before an abort: what is held then goes with the task.
     */
    default void beforeCommit(Collector out) {}

    /**
     * The offset of the first record that was handed over and of which it is not known yet what becomes of it, because a
     * receiver outside of Kafka has not answered; empty if there is none. What is committed ends before it: the books must
     * not count it, and after an abort or a crash it comes again. Changes in {@link #process} and {@link #work} only. While
     * this is all that holds a commit back, no transaction is open.
     */
    default OptionalLong firstUnsettled() {
        return OptionalLong.empty();
    }

    /** Whether the task wants no more records for now; its partition is paused meanwhile. Asked after {@link #work}. */
    default boolean full() {
        return false;
    }

    /** Totals of this partition since its pipeline was provisioned; committed with the offset. */
    Books books();

    /**
     * What a successor needs besides its state, at most 1,000 ASCII characters without a space; committed with the offset.
     */
    default String metadata() {
        return "";
    }

    /** What was done since the last call is committed; not called after an abort, the task being made anew then. */
    default void committed() {}

    /**
     * For the metrics: the highest event time of what was handled since the last {@link #committed}, milliseconds since
     * the epoch; {@code Long.MIN_VALUE}: there was no event.
     */
    default long newestEventTime() {
        return Long.MIN_VALUE;
    }

    /**
     * For the metrics: how far event time has come, milliseconds since the epoch; {@code Long.MIN_VALUE}: not known yet, or
     * the task has no watermark.
     */
    default long watermark() {
        return Long.MIN_VALUE;
    }
}
