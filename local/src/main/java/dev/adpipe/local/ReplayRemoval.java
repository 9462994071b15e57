package dev.adpipe.local;

import dev.adpipe.schemas.Topics;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Deletes what a replay has made: topics, groups, local state on this machine. Used by one thread. */
final class ReplayRemoval {
    private final PipelineDefinition own;
    private final Admin admin;
    private final Consumer<String> report;

    /**
     * @param own the definition under the replay's name
     */
    ReplayRemoval(PipelineDefinition own, Admin admin, Consumer<String> report) {
        this.own = own;
        this.admin = admin;
        this.report = report;
    }

    /**
     * @throws CommandException refused: it runs, or it is no replay
     */
    void remove() {
        Topics topics = own.topics();
        List<String> existing =
                new ArrayList<>(TopicProvisioner.describe(admin, topics.all()).keySet());
        boolean noted = ReplayNote.read(admin, topics).isPresent();
        if (!noted && OffsetProvisioner.hasRecords(admin, existing)) {
            throw CommandException.refused("the topics of " + topics.prefix()
                    + " hold records, but there is no note that they are of a replay: they are left alone");
        }
        if (!noted && existing.isEmpty()) {
            throw CommandException.failed("there is no replay " + topics.prefix());
        }
        List<String> groups = ReplayPipeline.groups(topics);
        for (String group : groups) {
            List<String> members =
                    GroupMembers.describe(admin, group).map(GroupMembers::each).orElse(List.of());
            if (!members.isEmpty()) {
                throw CommandException.refused(
                        "group " + group + " has members, so the replay runs or was killed just now: "
                                + String.join(", ", members) + ". Stop it, or wait for its session to time out ("
                                + Shown.duration(own.runtime().sessionTimeout()) + ")");
            }
        }
        Answer.of(admin.deleteTopics(existing).all());
        existing.forEach(topic -> report.accept("topic " + topic + ": deleted"));
        groups.forEach(this::deleteGroup);
        deleteState();
    }

    private void deleteGroup(String group) {
        try {
            if (GroupMembers.describe(admin, group)
                    .map(ConsumerGroupDescription::groupId)
                    .isPresent()) {
                Answer.of(admin.deleteConsumerGroups(List.of(group)).all());
                report.accept("group " + group + ": deleted");
            }
        } catch (GroupIdNotFoundException e) {
            // Gone with its topics.
            report.accept("group " + group + ": was gone");
        }
    }

    private void deleteState() {
        Path state = own.runtime().stateDir().resolve(own.topics().prefix());
        if (!Files.exists(state)) {
            return;
        }
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
            report.accept("local state " + state + ": deleted");
        } catch (IOException e) {
            throw CommandException.failed("the local state " + state + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}
