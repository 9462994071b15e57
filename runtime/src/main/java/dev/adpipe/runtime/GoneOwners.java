package dev.adpipe.runtime;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the open transactions of containers that have left the group without ending them: they hold up the committed offsets
 * of their partitions, and all readers of what they wrote. With static membership nobody is ever known to be gone: the
 * container will come back and do it itself.
 *
 * <p>Only an open transaction is ended, so a container that is just coming back under the old name is not disturbed. Used
 * by the container's thread.
 */
final class GoneOwners {
    private static final Logger log = LoggerFactory.getLogger(GoneOwners.class);
    private static final long AGAIN_MS = 1_000;

    private final String group;
    private final Membership membership;
    private final Admin admin;
    private final BrokerOutage outage;
    private final Clock clock;
    private long lookAgainAt;

    GoneOwners(String group, Membership membership, Admin admin, BrokerOutage outage, Clock clock) {
        this.group = group;
        this.membership = membership;
        this.admin = admin;
        this.outage = outage;
        this.clock = clock;
    }

    /** New partitions have been assigned: the next look is due at once. */
    void assigned() {
        lookAgainAt = 0;
    }

    /** To be called while partitions wait for their committed offsets. */
    void fence(Collection<TopicPartition> waiting) {
        if (!membership.knowsOthers() || clock.millis() < lookAgainAt) {
            return;
        }
        lookAgainAt = clock.millis() + AGAIN_MS;
        Set<String> gone = membership.departed();
        gone.addAll(lastOwners(waiting));
        gone.removeIf(membership::isLive);
        gone.removeIf(id -> !hasOpenTransaction(id));
        if (gone.isEmpty()) {
            return;
        }
        gone.removeAll(stillThere(gone));
        for (String id : gone) {
            try {
                outage.await(
                        "end the transaction of " + id,
                        () -> admin.fenceProducers(List.of(id)).all());
                log.warn(
                        "{} is no longer in group {} and has left a transaction open: ended it, so that its successors"
                                + " and its readers go on",
                        id,
                        group);
            } catch (ApiException e) {
                log.warn(
                        "{} is no longer in group {}, but its open transaction cannot be ended: {}. Until it times out,"
                                + " what {} wrote last holds up its successors and readers; allow Describe and Write on"
                                + " its transactional id",
                        id,
                        group,
                        e.getMessage(),
                        id);
            }
        }
    }

    /** Who committed these partitions last. Asked for without waiting for open transactions, as they are what is looked for. */
    private Set<String> lastOwners(Collection<TopicPartition> waiting) {
        Map<TopicPartition, OffsetAndMetadata> committed = outage.await(
                "read the last owners in group " + group,
                () -> admin.listConsumerGroupOffsets(
                                Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(waiting)),
                                new ListConsumerGroupOffsetsOptions().requireStable(false))
                        .partitionsToOffsetAndMetadata(group));
        Set<String> owners = new TreeSet<>();
        for (OffsetAndMetadata offset : committed.values()) {
            if (offset != null) {
                try {
                    owners.add(CommitMetadata.parse(offset.metadata()).by());
                } catch (IllegalArgumentException e) {
                    log.debug("Metadata that is refused later: {}", e.getMessage());
                }
            }
        }
        owners.remove("");
        return owners;
    }

    /**
     * What the leader told may be old: a group that changes to static members has another assignor, and a container that
     * stood still has missed whatever came since. So the group is asked itself; if it does not answer, all may be there.
     */
    private Set<String> stillThere(Set<String> ids) {
        Set<String> clients;
        try {
            clients = outage
                    .await(
                            "look who is in group " + group,
                            () -> admin.describeConsumerGroups(List.of(group))
                                    .describedGroups()
                                    .get(group))
                    .members()
                    .stream()
                    .map(MemberDescription::clientId)
                    .collect(Collectors.toSet());
        } catch (ApiException e) {
            log.warn(
                    "Whether {} are in group {} is unknown, their transactions stay open: {}",
                    ids,
                    group,
                    e.getMessage());
            return Set.copyOf(ids);
        }
        return ids.stream()
                .filter(id -> clients.contains(ClientProperties.inputClientId(id)))
                .collect(Collectors.toSet());
    }

    private boolean hasOpenTransaction(String id) {
        try {
            return outage.await(
                                    "look at the transaction of " + id,
                                    () -> admin.describeTransactions(List.of(id))
                                            .description(id))
                            .state()
                    == TransactionState.ONGOING;
        } catch (TransactionalIdNotFoundException e) {
            return false;
        } catch (ApiException e) {
            log.warn("Whether {}, which is gone, has left a transaction open is unknown: {}", id, e.getMessage());
            return false;
        }
    }
}
