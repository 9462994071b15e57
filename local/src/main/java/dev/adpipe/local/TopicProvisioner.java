package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the pipeline's topics, or makes those that are there what they should be. Looks at all before it changes one. */
final class TopicProvisioner {
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

    private static final int REPLICAS = 3;
    private static final long RAW_MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;

    TopicProvisioner(PipelineDefinition definition, Admin admin, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
    }

    /**
     * @param rawPartitions makes raw topics that are missing, with so many partitions
     * @throws CommandException refused, before anything was changed
     */
    void provision(OptionalInt rawPartitions) {
        provision(TopicPlan.of(definition), rawPartitions);
    }

    /** Only these of the pipeline's own topics. */
    void provision(List<TopicPlan> plans, OptionalInt rawPartitions) {
        Map<String, TopicDescription> existing = describe(
                admin,
                Stream.concat(plans.stream().map(TopicPlan::name), definition.rawTopics().stream())
                        .toList());
        refuse(plans, existing, rawPartitions);

        List<NewTopic> missing = new ArrayList<>();
        short replicas = (short)
                Math.min(REPLICAS, Answer.of(admin.describeCluster().nodes()).size());
        for (String raw : definition.rawTopics()) {
            if (!existing.containsKey(raw)) {
                missing.add(new NewTopic(raw, rawPartitions.getAsInt(), replicas).configs(rawConfigs()));
            }
        }
        for (TopicPlan plan : plans) {
            if (!existing.containsKey(plan.name())) {
                missing.add(new NewTopic(plan.name(), plan.partitions(), replicas)
                        .configs(withMinIsr(plan.configs(), replicas)));
            }
        }
        create(missing);
        for (TopicPlan plan : plans) {
            if (existing.containsKey(plan.name())) {
                adjust(plan, existing.get(plan.name()));
            }
        }
    }

    /** The topics that exist, among those named. */
    static Map<String, TopicDescription> describe(Admin admin, Collection<String> names) {
        Map<String, TopicDescription> found = new LinkedHashMap<>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, answer) -> ifExists(answer).ifPresent(topic -> found.put(name, topic)));
        return found;
    }

    private static Optional<TopicDescription> ifExists(KafkaFuture<TopicDescription> answer) {
        try {
            return Optional.of(Answer.of(answer));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private void refuse(List<TopicPlan> plans, Map<String, TopicDescription> existing, OptionalInt rawPartitions) {
        List<String> problems = new ArrayList<>();
        Map<Integer, List<String>> otherwise = new TreeMap<>();
        int wanted = definition.shuffle().partitions();
        for (TopicPlan plan : plans) {
            TopicDescription topic = existing.get(plan.name());
            if (topic != null && topic.partitions().size() != plan.partitions()) {
                otherwise
                        .computeIfAbsent(topic.partitions().size(), n -> new ArrayList<>())
                        .add(plan.name());
            }
        }
        otherwise.forEach(
                (number, names) -> problems.add(
                        "topic" + (names.size() == 1 ? " " : "s ")
                                + String.join(", ", names) + (names.size() == 1 ? " has " : " have ") + number
                                + " partitions, and the definition says shuffle.partitions = " + wanted
                                + ". The number never changes in place, because every key would move: set shuffle.partitions = "
                                + number
                                + ", or give the pipeline a new name, drain the old one and start the new one with topics of its own."));
        if (rawPartitions.isEmpty()) {
            List<String> missing = definition.rawTopics().stream()
                    .filter(raw -> !existing.containsKey(raw))
                    .toList();
            if (!missing.isEmpty()) {
                problems.add("raw topic" + (missing.size() == 1 ? " " : "s ") + String.join(", ", missing)
                        + (missing.size() == 1 ? " does" : " do") + " not exist. Raw topics belong to whoever writes"
                        + " them; to make them here, for local use: adpipe provision " + definition.source()
                        + " --create-raw-topics 4");
            }
        }
        if (!problems.isEmpty()) {
            throw CommandException.refused(String.join("\n", problems));
        }
    }

    private void create(List<NewTopic> topics) {
        Answer.of(admin.createTopics(topics).all());
        awaitKnown(topics);
        for (NewTopic topic : topics) {
            report.accept("topic " + topic.name() + ": created, " + topic.numPartitions() + " partitions, "
                    + topic.replicationFactor() + (topic.replicationFactor() == 1 ? " replica" : " replicas"));
        }
    }

    /**
     * The controller has made them; a broker that is asked may not have heard of it yet, and whoever asks next, for first
     * offsets above all, would take the topic for absent.
     */
    private void awaitKnown(List<NewTopic> topics) {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (true) {
            Map<String, TopicDescription> known = describe(admin, names);
            List<String> unknown = topics.stream()
                    .filter(topic -> !known.containsKey(topic.name())
                            || known.get(topic.name()).partitions().size() != topic.numPartitions())
                    .map(NewTopic::name)
                    .toList();
            if (unknown.isEmpty()) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw CommandException.failed("the topics " + String.join(", ", unknown)
                        + " were created, but are not known to the broker after " + KNOWN_WITHIN.toSeconds()
                        + " s; when it answers for them, run this again: it goes on where it stopped");
            }
            Pause.millis(50);
        }
    }

    private void adjust(TopicPlan plan, TopicDescription topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, plan.name());
        Config current =
                Answer.of(admin.describeConfigs(List.of(resource)).all()).get(resource);
        int replicas = topic.partitions().get(0).replicas().size();
        List<AlterConfigOp> changes = new ArrayList<>();
        List<String> said = new ArrayList<>();
        new TreeMap<>(withMinIsr(plan.configs(), replicas)).forEach((key, value) -> {
            String now = Optional.ofNullable(current.get(key))
                    .map(ConfigEntry::value)
                    .orElse("");
            if (!now.equals(value)) {
                changes.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
                said.add(key + " from " + now + " to " + value);
            }
        });
        if (changes.isEmpty()) {
            report.accept("topic " + plan.name() + ": as it should be");
        } else {
            Answer.of(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
            report.accept("topic " + plan.name() + ": set " + String.join(", ", said));
        }
    }

    /** One replica may be away; with fewer than three there is none to spare. */
    private static Map<String, String> withMinIsr(Map<String, String> configs, int replicas) {
        Map<String, String> all = new TreeMap<>(configs);
        all.put("min.insync.replicas", Integer.toString(Math.max(1, replicas - 1)));
        return all;
    }

    /** Larger than a pipeline takes: what is too large is to end as a dead letter and not in the customer's producer. */
    private Map<String, String> rawConfigs() {
        long bytes = Math.max(RAW_MAX_MESSAGE_BYTES, 2L * definition.shuffle().maxRecordBytes());
        return Map.of("max.message.bytes", Long.toString(Math.min(bytes, Integer.MAX_VALUE)));
    }
}
