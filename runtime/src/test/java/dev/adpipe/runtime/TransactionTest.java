package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The error table of DESIGN §3, as far as the producer goes; the producer in memory is kafka-clients' own. */
class TransactionTest {
    private static final Map<TopicPartition, OffsetAndMetadata> OFFSETS =
            Map.of(new TopicPartition("in", 0), new OffsetAndMetadata(1));
    private static final ConsumerGroupMetadata GROUP = new MockConsumer<byte[], byte[]>("none").groupMetadata();
    private static final ProducerRecord<byte[], byte[]> RECORD = new ProducerRecord<>("out", 0, null, new byte[1]);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private boolean toldToStop;
    private int waits;
    private final List<Transaction.Traces> settled = new ArrayList<>();
    private boolean untold;

    @Test
    void aProducerThatCannotOpenItsIdIsClosed() {
        producer.initTransactionException = new TimeoutException("away");
        toldToStop = true;
        assertThatThrownBy(this::transaction).isInstanceOf(ContainerExitException.class);
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void recordsAndOffsetsAreCommittedTogetherOrNotAtAll() {
        Transaction transaction = transaction();
        send(transaction);
        producer.completeNext();
        producer.sendOffsetsToTransactionException = new CommitFailedException();
        assertThatThrownBy(() -> transaction.commit(OFFSETS, GROUP)).isInstanceOf(TransactionException.Abortable.class);
        transaction.abort();
        assertThat(producer.history()).isEmpty();
        assertThat(producer.consumerGroupOffsetsHistory()).isEmpty();

        producer.sendOffsetsToTransactionException = null;
        send(transaction);
        producer.completeNext();
        transaction.commit(OFFSETS, GROUP);
        assertThat(producer.history()).hasSize(1);
        assertThat(producer.consumerGroupOffsetsHistory()).containsExactly(Map.of(GROUP.groupId(), OFFSETS));
    }

    @Test
    void aCommitThatTimesOutIsMadeAgain() {
        Transaction transaction = transaction();
        producer.commitTransactionException = new TimeoutException("away");
        send(transaction);
        producer.completeNext();
        transaction.commit(OFFSETS, GROUP);
        assertThat(waits).isEqualTo(1);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.transactionAborted()).isFalse();
    }

    /** Whatever is open of it would share the end of the next one. */
    @Test
    void aTransactionIsSettledBeforeTheNextBegins() {
        Transaction transaction = transaction();
        send(transaction);
        producer.completeNext();
        transaction.commit(OFFSETS, GROUP);
        assertThat(settled).isEmpty();

        send(transaction);
        Set<TopicPartition> written = Set.of(new TopicPartition("out", 0));
        assertThat(settled).containsExactly(new Transaction.Traces(written, OFFSETS, Ending.COMMIT));
        transaction.abort();
        assertThat(settled).hasSize(1);
        send(transaction);
        assertThat(settled.get(1)).isEqualTo(new Transaction.Traces(written, Map.of(), Ending.ABORT));
    }

    @Test
    void noneBeginsWhileItIsUnknownWhatIsOpenOfTheLast() {
        Transaction transaction = transaction();
        send(transaction);
        producer.completeNext();
        transaction.commit(OFFSETS, GROUP);
        untold = true;
        assertThatThrownBy(() -> send(transaction)).isInstanceOf(TransactionException.Abortable.class);
        transaction.abort();
        untold = false;
        send(transaction);
        assertThat(settled).hasSize(2).allMatch(last -> last.ending() == Ending.COMMIT);
    }

    /** Its outcome is unknown: it must not be taken for one that can be aborted. */
    @Test
    void aCommitGivenUpAtTheStopEndsTheContainer() {
        Transaction transaction = transaction();
        producer.commitTransactionException = new TimeoutException("away");
        toldToStop = true;
        assertThatThrownBy(() -> transaction.commit(OFFSETS, GROUP)).isInstanceOf(ContainerExitException.class);
    }

    @Test
    void afterASendHasFailedNothingMoreIsSent() {
        Transaction transaction = transaction();
        send(transaction);
        producer.errorNext(new TimeoutException("delivery"));
        assertThatThrownBy(() -> send(transaction)).isInstanceOf(TransactionException.Abortable.class);
        transaction.abort();
        send(transaction);
        assertThat(producer.uncommittedRecords()).hasSize(1);
    }

    @Test
    void anAbortThatFailsLeavesTheOutcomeUnknown() {
        Transaction transaction = transaction();
        send(transaction);
        producer.abortTransactionException = new TimeoutException("away");
        assertThatThrownBy(transaction::abort).isInstanceOf(TransactionException.Fenced.class);
    }

    @Test
    void errorsAreSortedByTheMostSeriousOfTheirCauses() {
        assertThat(TransactionException.of(new KafkaException(new CommitFailedException())))
                .isInstanceOf(TransactionException.Abortable.class);
        assertThat(TransactionException.of(new KafkaException(new ProducerFencedException("x"))))
                .isInstanceOf(TransactionException.Fenced.class);
        assertThat(TransactionException.of(new KafkaException(new FencedInstanceIdException("x"))))
                .isInstanceOf(TransactionException.NameTaken.class);
        IllegalStateException broken = new IllegalStateException("broken invariant");
        assertThat(TransactionException.of(broken)).isSameAs(broken);
    }

    /** What becomes of it is told by flush. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void send(Transaction transaction) {
        transaction.send(RECORD);
    }

    /** After an outage that was longer than the timeout, nobody has our name. */
    @Test
    void oneThatIsFencedAfterItsTimeoutWasNotFencedByAnother() {
        assertThat(fenced(Duration.ZERO).byAnother()).isFalse();
    }

    @Test
    void oneThatIsFencedBeforeItsTimeoutWasFencedByAnother() {
        assertThat(fenced(Duration.ofHours(1)).byAnother()).isTrue();
    }

    private TransactionException.Fenced fenced(Duration timeout) {
        Transaction transaction = transaction(timeout);
        send(transaction);
        producer.completeNext();
        producer.sendOffsetsToTransactionException = new ProducerFencedException("by the coordinator");
        return catchThrowableOfType(TransactionException.Fenced.class, () -> transaction.commit(OFFSETS, GROUP));
    }

    private Transaction transaction() {
        return transaction(Duration.ofHours(1));
    }

    private void settle(Transaction transaction, Transaction.Traces last) {
        settled.add(last);
        if (untold) {
            throw new TimeoutException("away");
        }
    }

    private Transaction transaction(Duration timeout) {
        Transaction.Outage outage = (what, action) -> {
            try {
                action.run();
            } catch (TimeoutException e) {
                if (toldToStop) {
                    throw new ContainerExitException(ExitReason.FAILED, "told to stop", e);
                }
                waits++;
                producer.commitTransactionException = null;
                action.run();
            }
        };
        return new Transaction(producer, outage, timeout, this::settle);
    }
}
