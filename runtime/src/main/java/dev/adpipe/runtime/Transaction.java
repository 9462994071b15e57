package dev.adpipe.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A container's transactional producer, one transaction after the other, each begun by its first record. Errors come out
 * as {@link TransactionException} or, if nothing can be done about them, as they are.
 *
 * <p>Used by the container's thread.
 */
final class Transaction implements AutoCloseable {
    /** Of records sent. Readers wait for a transaction's end, and so do its owner's successors. */
    private static final long LARGE_BYTES = 16L << 20;

    private final Producer<byte[], byte[]> producer;
    private final Outage outage;
    private final Duration timeout;
    private final Aftermath aftermath;
    private final Set<TopicPartition> written = new HashSet<>();

    /** Of the last transaction, until it is sure that Kafka has ended it everywhere. */
    private Traces unsettled;

    private boolean settling;

    private boolean open;
    private long beganAt;
    private long bytes;

    /** Set by the producer's own thread: after it, this transaction cannot be committed any more. */
    private volatile RuntimeException sendFailure;

    /**
     * Takes over the transactional id: what an earlier owner left open is aborted, and that owner is fenced.
     *
     * @param producer closed with this, or at once if this cannot be made
     * @param outage   told while the broker does not answer; ends the waiting by an exception
     * @param timeout  after which Kafka ends an open transaction by itself, as the producer has it
     * @param aftermath told of each transaction before the next one begins
     */
    Transaction(Producer<byte[], byte[]> producer, Outage outage, Duration timeout, Aftermath aftermath) {
        this.producer = producer;
        this.outage = outage;
        this.timeout = timeout;
        this.aftermath = aftermath;
        try {
            call(() -> {
                outage.retry("open the transactional id", producer::initTransactions);
                return null;
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Adds a record; the result is known after {@link #flush}. Once one has failed, no more are taken: with the broker away,
     * each would wait again for as long as the producer may block.
     */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        throwSendFailure();
        begin();
        bytes += size(record.key()) + size(record.value());
        written.add(new TopicPartition(record.topic(), record.partition()));
        return call(() -> producer.send(record, (metadata, error) -> {
            if (error != null && sendFailure == null) {
                sendFailure = error instanceof RuntimeException e ? e : new IllegalStateException(error);
            }
        }));
    }

    private static long size(byte[] part) {
        return part == null ? 0 : part.length;
    }

    /** Whether so much has been sent in it that it should be committed rather than go on. */
    boolean large() {
        return open && bytes >= LARGE_BYTES;
    }

    /** Waits until every record is in its topic. */
    void flush() {
        call(() -> {
            producer.flush();
            return null;
        });
        throwSendFailure();
    }

    private void throwSendFailure() {
        if (sendFailure != null) {
            throw sorted(sendFailure);
        }
    }

    /**
     * Commits what was sent together with the offsets. The outcome of a call that timed out is unknown, and aborting is
     * not possible then: the same call is made again until it is answered.
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        begin();
        flush();
        sendOffsets(offsets, group);
        commit();
        unsettled = new Traces(Set.copyOf(written), offsets, Ending.COMMIT);
    }

    private void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        call(() -> {
            producer.sendOffsetsToTransaction(offsets, group);
            return null;
        });
    }

    private void commit() {
        call(() -> {
            outage.retry("commit", producer::commitTransaction);
            return null;
        });
        open = false;
    }

    /** Takes everything back that was sent since the last commit. If that fails, the outcome is unknown: fenced. */
    void abort() {
        if (open) {
            try {
                producer.abortTransaction();
            } catch (RuntimeException e) {
                RuntimeException kind = TransactionException.of(e);
                throw kind instanceof TransactionException.NameTaken ? kind : new TransactionException.Fenced(e);
            }
            open = false;
            unsettled = new Traces(Set.copyOf(written), Map.of(), Ending.ABORT);
        }
        sendFailure = null;
    }

    /**
     * A transaction of no content, whose end is also that of whatever this producer has open in these partitions and of the
     * offsets that it has open in the group.
     */
    void close(
            Collection<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndMetadata> offset,
            ConsumerGroupMetadata group,
            Ending ending) {
        begin();
        partitions.forEach(p -> send(ClosingRecord.in(p)));
        flush();
        if (!offset.isEmpty()) {
            sendOffsets(offset, group);
        }
        if (ending == Ending.COMMIT) {
            commit();
        } else {
            abort();
        }
    }

    /** Without waiting for anything; an open transaction is aborted by whoever takes over the id, or by its timeout. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private void begin() {
        if (!open) {
            settle();
            call(() -> {
                producer.beginTransaction();
                return null;
            });
            open = true;
            beganAt = System.nanoTime();
            bytes = 0;
            written.clear();
        }
    }

    /** What is left open is ended by a transaction, too: that one does not come here again. */
    private void settle() {
        if (unsettled != null && !settling) {
            settling = true;
            try {
                aftermath.settle(this, unsettled);
                unsettled = null;
            } catch (TimeoutException e) {
                throw new TransactionException.Abortable(e);
            } finally {
                settling = false;
            }
        }
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException e) {
            throw sorted(e);
        }
    }

    /** Fenced after its timeout, it was Kafka that ended the transaction, and not another process. */
    private RuntimeException sorted(RuntimeException error) {
        RuntimeException kind = TransactionException.of(error);
        if (kind instanceof TransactionException.Fenced && open && System.nanoTime() - beganAt >= timeout.toNanos()) {
            return new TransactionException.Fenced(new TimeoutException(
                    "the transaction was open for longer than its timeout of " + timeout.toMillis() + " ms", error));
        }
        return kind;
    }

    @FunctionalInterface
    private interface Call<T> {
        T run();
    }

    /** Waits for an absent broker. */
    interface Outage {
        /**
         * Repeats the action while it throws {@link TimeoutException}.
         *
         * @throws ContainerExitException if the container was told to stop and has waited long enough
         */
        void retry(String what, Runnable action);
    }

    /**
     * Where a transaction has been.
     *
     * @param offsets that it has committed
     */
    record Traces(Set<TopicPartition> partitions, Map<TopicPartition, OffsetAndMetadata> offsets, Ending ending) {}

    /** Sees to it that a transaction has ended everywhere: what is open would share the end of the next one. */
    @FunctionalInterface
    interface Aftermath {
        /**
         * @throws TimeoutException if Kafka does not tell
         */
        void settle(Transaction transaction, Traces last);
    }
}
