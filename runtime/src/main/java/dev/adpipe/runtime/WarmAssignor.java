package dev.adpipe.runtime;

import dev.adpipe.runtime.WarmPlan.Member;
import dev.adpipe.runtime.WarmPlan.Share;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives partitions to members that hold their state warm, and says who keeps copies; see {@link WarmPlan}. Made by Kafka's
 * consumer, which calls it from within {@code poll}; it reaches its container through the client property
 * {@value Membership#CONFIG}.
 */
public final class WarmAssignor implements ConsumerPartitionAssignor, Configurable {
    private static final Logger log = LoggerFactory.getLogger(WarmAssignor.class);

    /** A copy that lacks no more records than this is read up within a second. */
    static final long LAG_LIMIT = 10_000;

    private Membership membership;

    @Override
    public void configure(Map<String, ?> configs) {
        membership = (Membership) configs.get(Membership.CONFIG);
        if (membership == null) {
            throw new IllegalArgumentException("the assignor " + name() + " works in adpipe's containers only");
        }
    }

    @Override
    public String name() {
        return "adpipe-warm";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public ByteBuffer subscriptionUserData(Set<String> topics) {
        return membership.report().encode();
    }

    @Override
    public void onAssignment(Assignment assignment, ConsumerGroupMetadata metadata) {
        membership.ordered(MemberOrders.decode(assignment.userData()));
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        List<Member> members = new ArrayList<>();
        Set<String> topics = new HashSet<>();
        Set<String> live = new TreeSet<>();
        boolean allKnown = true;
        for (Map.Entry<String, Subscription> each : group.groupSubscription().entrySet()) {
            Optional<MemberReport> report = MemberReport.decode(each.getValue().userData());
            report.ifPresent(known -> live.add(known.id()));
            allKnown &= report.isPresent();
            members.add(member(each.getKey(), each.getValue(), report));
            topics.addAll(each.getValue().topics());
        }
        Map<String, Share> plan = WarmPlan.of(partitions(cluster, topics), members, membership.standbys(), LAG_LIMIT);
        Set<String> told = allKnown ? live : Set.of();
        Map<String, Assignment> assignments = new HashMap<>();
        plan.forEach((name, share) -> assignments.put(name, assignment(share, told)));
        log.info("The {} members {} of the group share: {}", members.size(), live, text(plan));
        return new GroupAssignment(assignments);
    }

    private static Member member(String name, Subscription subscription, Optional<MemberReport> report) {
        Map<TopicPartition, Copy> copies = new HashMap<>();
        Set<TopicPartition> promised = new HashSet<>();
        // Only stages with one input have state, and only of these anything is promised.
        if (subscription.topics().size() == 1 && report.isPresent()) {
            String topic = subscription.topics().get(0);
            report.get().copies().forEach((p, copy) -> copies.put(new TopicPartition(topic, p), copy));
            report.get().promised().forEach(p -> promised.add(new TopicPartition(topic, p)));
        }
        return new Member(
                name,
                report.map(known -> processOf(known.id())).orElse(name),
                Set.copyOf(subscription.topics()),
                Set.copyOf(subscription.ownedPartitions()),
                subscription.generationId().orElse(-1),
                copies,
                promised);
    }

    /** Containers of one process differ in their last number alone. */
    private static String processOf(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('-')));
    }

    private static List<TopicPartition> partitions(Cluster cluster, Set<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            for (PartitionInfo info : cluster.partitionsForTopic(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
        }
        return partitions;
    }

    private static Assignment assignment(Share share, Set<String> live) {
        MemberOrders orders =
                new MemberOrders(live, numbers(share.standbys()), numbers(share.warmUps()), numbers(share.promised()));
        return new Assignment(List.copyOf(share.active()), orders.encode());
    }

    private static Set<Integer> numbers(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Map<String, Share> plan) {
        return new TreeMap<>(plan).toString();
    }
}
