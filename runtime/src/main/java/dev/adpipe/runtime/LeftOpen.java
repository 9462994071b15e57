package dev.adpipe.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and ends what Kafka has left open of a transaction that it calls complete.
 *
 * <p>When a transaction ends, Kafka's coordinator skips the marker of a partition that has no leader at that moment: it takes
 * it for deleted ({@code KRaftMetadataCache.getPartitionLeaderEndpoint} of 4.3.1; seen when a single broker was killed, came
 * back, and ended timed-out transactions before its partitions had leaders). The aborted records stay open in the log then,
 * and the <em>next</em> commit of the same producer commits them, too: they would count twice. So before a new transaction
 * follows one that may have been aborted, the partitions themselves are asked.
 *
 * <p>Used by the container's thread.
 */
final class LeftOpen {
    private static final Logger log = LoggerFactory.getLogger(LeftOpen.class);
    private static final long AGAIN_MS = 20;
    private static final int MOST_ROUNDS = 5;
    private static final Set<TransactionState> UNDECIDED = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_EPOCH_FENCE);

    private final ContainerSettings settings;
    private final List<TopicPartition> partitions;
    private final Admin admin;
    private final BrokerOutage outage;
    private final Supplier<ConsumerGroupMetadata> bystander;
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
        this.partitions = new ArrayList<>();
        topics.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        });
    }

    /**
     * Ends it all, records and offsets alike, by a transaction of no content that is aborted: its markers close what is open.
     *
     * @return whether there was anything: then nothing that was known of earlier transactions is sure any more
     */
    boolean end(Transaction transaction) {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            List<TopicPartition> open = find();
            if (open.isEmpty()) {
                return round > 1;
            }
            log.warn(
                    "Kafka has completed the last transaction of {}, but left its records open in {}: ending them",
                    settings.id(),
                    open);
            transaction.wipe(open, harmlessOffset(), bystander.get());
        }
        throw new ContainerExitException(
                ExitReason.FAILED,
                "Kafka leaves records of completed transactions of " + settings.id() + " open in " + find()
                        + "; the next commit would make them visible. Look at them with kafka-transactions.sh"
                        + " find-hanging, and start this container again");
    }

    /** Partitions that hold records of ours which no transaction will ever decide; waits until the last one is decided. */
    List<TopicPartition> find() {
        if (mayNotLook) {
            return List.of();
        }
        try {
            long producer = decidedProducer();
            List<TopicPartition> open = new ArrayList<>();
            if (producer >= 0) {
                states().forEach((partition, state) -> {
                    if (state.activeProducers().stream()
                            .anyMatch(p -> p.producerId() == producer
                                    && p.currentTransactionStartOffset().isPresent())) {
                        open.add(partition);
                    }
                });
            }
            return open;
        } catch (ApiException e) {
            mayNotLook = e instanceof AuthorizationException || e instanceof UnsupportedVersionException;
            log.warn(
                    "Whether Kafka has left records of {} open cannot be seen: {}. After a broker's crash aborted records"
                            + " might be committed later; allow Describe on its transactional id and Read on its output topics",
                    settings.id(),
                    e.getMessage());
            return List.of();
        }
    }

    /** Our producer id, when its last transaction is decided; -1 if there never was one. */
    private long decidedProducer() {
        try {
            while (true) {
                TransactionDescription last = outage.await(
                        "look at the last transaction of " + settings.id(),
                        () -> admin.describeTransactions(List.of(settings.id())).description(settings.id()));
                if (!UNDECIDED.contains(last.state())) {
                    return last.producerId();
                }
                outage.pause(AGAIN_MS);
            }
        } catch (TransactionalIdNotFoundException e) {
            return -1;
        }
    }

    private Map<TopicPartition, PartitionProducerState> states() {
        return outage.await(
                "look for open records of " + settings.id(),
                () -> admin.describeProducers(partitions).all());
    }

    /** An offset as it is committed: its marker goes where pending offsets of ours would be, and were it ever committed, so what. */
    private Map<TopicPartition, OffsetAndMetadata> harmlessOffset() {
        Map<TopicPartition, OffsetAndMetadata> committed = outage.await(
                "read the committed offsets of group " + settings.group(),
                () -> admin.listConsumerGroupOffsets(
                                Map.of(settings.group(), new ListConsumerGroupOffsetsSpec()),
                                new ListConsumerGroupOffsetsOptions().requireStable(false))
                        .partitionsToOffsetAndMetadata(settings.group()));
        return committed.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .findFirst()
                .map(entry -> Map.of(entry.getKey(), entry.getValue()))
                .orElse(Map.of());
    }
}
