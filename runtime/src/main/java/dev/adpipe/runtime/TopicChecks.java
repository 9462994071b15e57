package dev.adpipe.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at every topic of a container before it starts, and refuses to start on what does not fit, all at once. */
final class TopicChecks {
    private final ContainerSettings settings;
    private final Admin admin;
    private final BrokerOutage outage;
    private final Map<String, TopicDescription> found = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * What the container needs to know of the topics.
     *
     * @param deadLetterPartitions number of partitions of the dead-letter topic
     * @param changelog            null if the container has no state
     */
    record Topics(int deadLetterPartitions, ChangelogTopic changelog) {}

    TopicChecks(ContainerSettings settings, Admin admin, BrokerOutage outage) {
        this.settings = settings;
        this.admin = admin;
        this.outage = outage;
    }

    /**
     * @throws ContainerExitException naming each topic that is missing or has other partitions than it must have
     */
    Topics check() {
        settings.inputs().forEach(this::describe);
        describe(settings.deadLetterTopic());
        settings.outputs().forEach((topic, partitions) -> {
            describe(topic);
            require(topic, partitions, "as the definition says");
        });
        settings.changelog().ifPresent(topic -> {
            describe(topic);
            String input = settings.inputs().get(0);
            if (found.containsKey(input)) {
                require(topic, found.get(input).partitions().size(), "as its input " + input + " has");
            }
        });
        if (!problems.isEmpty()) {
            throw new ContainerExitException(
                    ExitReason.REFUSED,
                    "the topics of " + settings.id() + " are not as they must be:\n  " + String.join("\n  ", problems)
                            + "\nRun `adpipe provision` with the definition: it creates what is missing and says what it"
                            + " will not change. The number of shuffled partitions never changes in place.");
        }
        int deadLetterPartitions =
                found.get(settings.deadLetterTopic()).partitions().size();
        return new Topics(
                deadLetterPartitions, settings.changelog().map(this::changelog).orElse(null));
    }

    private ChangelogTopic changelog(String topic) {
        TopicDescription description = found.get(topic);
        String clusterId = outage.await(
                "read the cluster's id", () -> admin.describeCluster().clusterId());
        return new ChangelogTopic(
                topic, description.topicId(), description.partitions().size(), clusterId);
    }

    private void describe(String topic) {
        try {
            found.put(
                    topic,
                    outage.await(
                            "look at the topic " + topic,
                            () -> admin.describeTopics(List.of(topic))
                                    .topicNameValues()
                                    .get(topic)));
        } catch (UnknownTopicOrPartitionException e) {
            problems.add("topic " + topic + " does not exist");
        }
    }

    private void require(String topic, int partitions, String why) {
        TopicDescription description = found.get(topic);
        if (description != null && description.partitions().size() != partitions) {
            problems.add("topic " + topic + " has " + description.partitions().size() + " partitions, but must have "
                    + partitions + ", " + why);
        }
    }
}
