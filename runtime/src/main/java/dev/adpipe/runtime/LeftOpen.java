package dev.adpipe.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and ends what Kafka has left open of a transaction that it calls complete.
 *
 * <p>When a transaction ends, Kafka's coordinator skips the marker of a partition that has no leader at that moment: it takes
 * it for deleted ({@code KRaftMetadataCache.getPartitionLeaderEndpoint} of 4.3.1; seen when a single broker was killed, came
 * back, and ended transactions before its partitions had leaders). Its records there, or its offsets, stay open then, and
 * share the fate of the same producer's <em>next</em> transaction: an aborted one's would be committed, and count twice, a
 * committed one's would be aborted, and be lost. So each transaction begins only when nothing of the one before is open, and
 * what is open is ended as that one was.
 *
 * <p>Used by the container's thread.
 */
final class LeftOpen implements Transaction.Aftermath {
    private static final Logger log = LoggerFactory.getLogger(LeftOpen.class);
    private static final long AGAIN_MS = 5;

    /** Kafka may wait for a broker that is away to write its marker; then somebody else is asked meanwhile. */
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(10);

    private static final ListConsumerGroupOffsetsSpec EVERY_OFFSET = new ListConsumerGroupOffsetsSpec();
    private static final int MOST_ROUNDS = 5;

    /** Offsets that are not stable after this time are open; or another container's are, which does not matter. */
    private static final Duration STABLE_WITHIN = Duration.ofMillis(300);

    private static final Set<TransactionState> UNDECIDED = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_EPOCH_FENCE);

    private final ContainerSettings settings;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final Admin admin;
    private final BrokerOutage outage;
    private final Supplier<ConsumerGroupMetadata> bystander;

    /** Kafka gives a producer a new id when the epochs of the old one are used up. */
    private long formerProducer = -1;

    private boolean mayNotLook;

    /**
     * @param topics    whatever the container writes to, with the number of partitions
     * @param bystander of the group, but not in it
     */
    LeftOpen(
            ContainerSettings settings,
            Map<String, Integer> topics,
            Admin admin,
            BrokerOutage outage,
            Supplier<ConsumerGroupMetadata> bystander) {
        this.settings = settings;
        this.admin = admin;
        this.outage = outage;
        this.bystander = bystander;
        topics.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        });
    }

    /**
     * How the last transaction of our id ends once the id is taken over. To be asked before that: Kafka does not know it
     * afterwards. What is still going on then is aborted by the taking over.
     */
    Ending before() {
        return waiting(() -> {
            try {
                TransactionState state = look(() -> last().state(), TransactionState.UNKNOWN);
                return state == TransactionState.PREPARE_COMMIT || state == TransactionState.COMPLETE_COMMIT
                        ? Ending.COMMIT
                        : Ending.ABORT;
            } catch (TransactionalIdNotFoundException e) {
                return Ending.ABORT;
            }
        });
    }

    /**
     * Ends whatever is open anywhere, records and offsets alike, and waits for Kafka as long as it takes.
     *
     * @return whether there was anything
     */
    boolean end(Transaction transaction, Ending ending) {
        return waiting(() -> close(transaction, partitions, find(partitions), offsetsOpen(), ending));
    }

    @Override
    public void settle(Transaction transaction, Transaction.Traces last) {
        List<TopicPartition> open = find(last.partitions());
        // After that: the commit may have been acknowledged with its markers still on their way.
        boolean offsets = last.ending() == Ending.COMMIT ? !visible(last.offsets()) : offsetsOpen();
        close(transaction, last.partitions(), open, offsets, last.ending());
    }

    private boolean close(
            Transaction transaction,
            Collection<TopicPartition> all,
            List<TopicPartition> found,
            boolean offsets,
            Ending ending) {
        if (found.isEmpty() && !offsets) {
            return false;
        }
        List<TopicPartition> open = found;
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            log.warn(
                    "Kafka has completed the last transaction of {}, but left {} open: ending that by {}",
                    settings.id(),
                    left(open, offsets),
                    ending);
            transaction.close(open, offsets && round == 1 ? offset(ending) : Map.of(), bystander.get(), ending);
            open = find(all);
            if (open.isEmpty()) {
                return true;
            }
        }
        throw new ContainerExitException(
                ExitReason.FAILED,
                "Kafka leaves records of completed transactions of " + settings.id() + " open in " + open
                        + "; the next transaction's end would be theirs. Look at them with kafka-transactions.sh"
                        + " find-hanging, and start this container again");
    }

    private static String left(List<TopicPartition> open, boolean offsets) {
        String records = "its records in " + open;
        if (!offsets) {
            return records;
        }
        return open.isEmpty() ? "its offsets" : "its offsets and " + records;
    }

    /** Partitions that hold records of ours which no transaction will ever decide; waits until the last one is decided. */
    private List<TopicPartition> find(Collection<TopicPartition> among) {
        return look(
                () -> {
                    Set<Long> ours = producers();
                    List<TopicPartition> open = new ArrayList<>();
                    if (!ours.isEmpty() && !among.isEmpty()) {
                        states(among).forEach((partition, state) -> {
                            if (state.activeProducers().stream()
                                    .anyMatch(p -> ours.contains(p.producerId())
                                            && p.currentTransactionStartOffset().isPresent())) {
                                open.add(partition);
                            }
                        });
                    }
                    return open;
                },
                List.of());
    }

    private <T> T look(Supplier<T> question, T withoutAnswer) {
        if (mayNotLook) {
            return withoutAnswer;
        }
        try {
            return question.get();
        } catch (TransactionalIdNotFoundException | RetriableException e) {
            throw e;
        } catch (ApiException e) {
            mayNotLook = e instanceof AuthorizationException || e instanceof UnsupportedVersionException;
            log.warn(
                    "Whether Kafka has left records of {} open cannot be seen: {}. After a broker's crash records may be"
                            + " lost or doubled; allow Describe on its transactional id and Read on its output topics",
                    settings.id(),
                    e.getMessage());
            return withoutAnswer;
        }
    }

    /** Our producer ids, when the last transaction is decided; none if there never was one. */
    private Set<Long> producers() {
        long giveUp = System.nanoTime() + DECIDED_WITHIN.toNanos();
        try {
            while (true) {
                TransactionDescription last = last();
                if (!UNDECIDED.contains(last.state())) {
                    Set<Long> ids = new HashSet<>(Set.of(last.producerId()));
                    ids.add(formerProducer);
                    formerProducer = last.producerId();
                    return ids;
                }
                if (System.nanoTime() - giveUp > 0) {
                    throw new TimeoutException("Kafka has not ended the last transaction of " + settings.id() + " in "
                            + DECIDED_WITHIN.toSeconds() + " s: it is in state " + last.state());
                }
                outage.pause(AGAIN_MS);
            }
        } catch (TransactionalIdNotFoundException e) {
            return Set.of();
        }
    }

    private TransactionDescription last() {
        return answer(admin.describeTransactions(List.of(settings.id())).description(settings.id()));
    }

    private Map<TopicPartition, PartitionProducerState> states(Collection<TopicPartition> among) {
        return answer(admin.describeProducers(among).all());
    }

    /** Whether Kafka shows what we committed, or what another owner of the partition has committed since. */
    private boolean visible(Map<TopicPartition, OffsetAndMetadata> sent) {
        if (sent.isEmpty()) {
            return true;
        }
        Map<TopicPartition, OffsetAndMetadata> shown =
                committed(new ListConsumerGroupOffsetsSpec().topicPartitions(sent.keySet()), false);
        return sent.entrySet().stream().allMatch(entry -> {
            OffsetAndMetadata seen = shown.get(entry.getKey());
            OffsetAndMetadata ours = entry.getValue();
            if (seen == null || seen.offset() != ours.offset()) {
                return seen != null && seen.offset() > ours.offset();
            }
            return seen.metadata().equals(ours.metadata()) || !isOurs(seen);
        });
    }

    private boolean isOurs(OffsetAndMetadata offset) {
        try {
            return CommitMetadata.parse(offset.metadata()).by().equals(settings.id());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether any are of the group, when it has had time to end what is under way. */
    private boolean offsetsOpen() {
        long giveUp = System.nanoTime() + STABLE_WITHIN.toNanos();
        while (true) {
            Set<TopicPartition> all = committed(EVERY_OFFSET, false).keySet();
            // Kafka leaves those out that are open.
            if (committed(EVERY_OFFSET, true).keySet().containsAll(all)) {
                return false;
            }
            if (System.nanoTime() - giveUp > 0) {
                return true;
            }
            outage.pause(AGAIN_MS);
        }
    }

    /**
     * An offset to go with a closing transaction, so that its marker goes where open offsets of ours would be. To abort, any
     * will do. A commit must not replace an open one, which cannot be seen, so it is of a topic that the stage never reads.
     */
    private Map<TopicPartition, OffsetAndMetadata> offset(Ending ending) {
        if (ending == Ending.COMMIT) {
            return Map.of(new TopicPartition(settings.deadLetterTopic(), 0), new OffsetAndMetadata(0));
        }
        return committed(EVERY_OFFSET, false).entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .findFirst()
                .map(entry -> Map.of(entry.getKey(), entry.getValue()))
                .orElse(Map.of());
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(ListConsumerGroupOffsetsSpec spec, boolean stable) {
        return answer(admin.listConsumerGroupOffsets(
                        Map.of(settings.group(), spec), new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata(settings.group()));
    }

    /**
     * @throws TimeoutException if there is none yet
     */
    private static <T> T answer(KafkaFuture<T> question) {
        try {
            return question.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException cause) {
                throw cause instanceof TimeoutException timeout ? timeout : new TimeoutException(cause);
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerExitException(ExitReason.FAILED, "interrupted while waiting for Kafka", e);
        }
    }

    private <T> T waiting(Supplier<T> question) {
        AtomicReference<T> answer = new AtomicReference<>();
        outage.retry("look for open transactions of " + settings.id(), () -> answer.set(question.get()));
        return answer.get();
    }
}
