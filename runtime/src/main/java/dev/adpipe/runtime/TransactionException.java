package dev.adpipe.runtime;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** The three ways in which a transaction fails that the container can go on from; anything else ends it. */
abstract sealed class TransactionException extends RuntimeException {

    TransactionException(Throwable cause) {
        super(cause);
    }

    /** Nothing of it will ever be visible once it is aborted: abort, go back to the committed offsets, go on. */
    static final class Abortable extends TransactionException {
        Abortable(Throwable cause) {
            super(cause);
        }
    }

    /** Whether it was committed is unknown: the clients must be made anew and every task reopened from Kafka. */
    static final class Fenced extends TransactionException {
        Fenced(Throwable cause) {
            super(cause);
        }

        /** Whether somebody has our name; what timed out says only that Kafka was away, or this container stood still. */
        boolean byAnother() {
            return !caused(this, TimeoutException.class);
        }
    }

    /** Another process has joined the group under our name. */
    static final class NameTaken extends TransactionException {
        NameTaken(Throwable cause) {
            super(cause);
        }
    }

    /**
     * Sorts an error of the producer, after the table of DESIGN §3. The client wraps the interesting exception in general
     * ones, so the whole chain of causes is looked at, the most serious kind first.
     *
     * @return one of ours, or the exception itself if it is none that the container can go on from
     */
    static RuntimeException of(RuntimeException error) {
        // Told to stop in the middle of a commit, which has a timeout as its cause: no abort, its outcome is unknown.
        if (error instanceof TransactionException || error instanceof ContainerExitException) {
            return error;
        }
        if (caused(error, FencedInstanceIdException.class)) {
            return new NameTaken(error);
        }
        if (caused(error, ProducerFencedException.class)
                || caused(error, InvalidProducerEpochException.class)
                || caused(error, InvalidPidMappingException.class)
                || caused(error, InvalidTxnStateException.class)
                || caused(error, OutOfOrderSequenceException.class)) {
            return new Fenced(error);
        }
        if (caused(error, CommitFailedException.class)
                || caused(error, RebalanceInProgressException.class)
                || caused(error, IllegalGenerationException.class)
                || caused(error, UnknownMemberIdException.class)
                || caused(error, TransactionAbortableException.class)
                || caused(error, RetriableException.class)) {
            return new Abortable(error);
        }
        return error;
    }

    private static boolean caused(Throwable error, Class<? extends Throwable> type) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return true;
            }
        }
        return false;
    }
}
