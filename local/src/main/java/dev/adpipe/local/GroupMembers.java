package dev.adpipe.local;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Who is in a consumer group, and how to get out of it those who left without saying so. */
final class GroupMembers {
    private final Admin admin;
    private final Duration heartbeat;
    private final Consumer<String> report;

    /**
     * @param heartbeat within this time a living member notices that it was removed, and comes back
     */
    GroupMembers(Admin admin, Duration heartbeat, Consumer<String> report) {
        this.admin = admin;
        this.heartbeat = heartbeat;
        this.report = report;
    }

    /** Empty if nobody has ever used the group. */
    static Optional<ConsumerGroupDescription> describe(Admin admin, String group) {
        try {
            return Optional.of(Answer.of(admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)));
        } catch (GroupIdNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * @param removeStopped remove static members first; one that lives comes back, and counts as a member
     * @throws CommandException refused, saying who is in the group
     */
    void requireNone(String group, boolean removeStopped) {
        Collection<MemberDescription> present = of(group);
        if (present.isEmpty()) {
            return;
        }
        if (!removeStopped || present.stream().anyMatch(m -> m.groupInstanceId().isEmpty())) {
            throw CommandException.refused("offsets of group " + group + " can be committed only while"
                    + " nobody is in it, but there " + (present.size() == 1 ? "is " : "are ") + names(present)
                    + ". Stop that stage's processes; if they are stopped already, and only Kafka does not know it yet,"
                    + " wait for their session to time out or add --remove-stopped.");
        }
        remove(group, present);
        Collection<MemberDescription> back = awaitReturn(group);
        if (!back.isEmpty()) {
            throw CommandException.refused("offsets of group " + group + " can be committed only while"
                    + " nobody is in it, but " + names(back) + (back.size() == 1 ? " is" : " are")
                    + " running: removed, and back at once. Stop that stage's processes first.");
        }
    }

    /** Removes static members that the caller knows to have stopped, so that nobody has to wait for their time-out. */
    static void removeStopped(Admin admin, String group) {
        List<MemberToRemove> gone =
                describe(admin, group).map(ConsumerGroupDescription::members).orElse(List.of()).stream()
                        .flatMap(m -> m.groupInstanceId().stream())
                        .map(MemberToRemove::new)
                        .toList();
        if (!gone.isEmpty()) {
            Answer.of(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(gone))
                    .all());
        }
    }

    /** For a person: member ids, instance ids and hosts. */
    static String names(Collection<MemberDescription> members) {
        return String.join(
                "; ", members.stream().map(GroupMembers::name).sorted().toList());
    }

    /** For a person: instance id, else member id, and host, of each. */
    static List<String> each(ConsumerGroupDescription group) {
        return group.members().stream()
                .map(m -> m.groupInstanceId().orElse(m.consumerId()) + " at " + m.host())
                .sorted()
                .toList();
    }

    /** Where the members are: names or addresses. */
    static SortedSet<String> hosts(ConsumerGroupDescription group) {
        return group.members().stream()
                .map(m -> m.host().replaceFirst("^.*/", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MemberDescription member) {
        return "member " + member.consumerId()
                + member.groupInstanceId().map(id -> ", instance " + id).orElse(", without an instance id")
                + ", host " + member.host();
    }

    private Collection<MemberDescription> of(String group) {
        return describe(admin, group).map(ConsumerGroupDescription::members).orElse(List.of());
    }

    private void remove(String group, Collection<MemberDescription> members) {
        List<MemberToRemove> gone = members.stream()
                .map(m -> new MemberToRemove(m.groupInstanceId().orElseThrow()))
                .toList();
        Answer.of(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(gone))
                .all());
        members.forEach(m -> report.accept("group " + group + ": removed " + name(m)));
    }

    private Collection<MemberDescription> awaitReturn(String group) {
        long end = System.nanoTime() + heartbeat.toNanos();
        Collection<MemberDescription> back = of(group);
        while (back.isEmpty() && System.nanoTime() < end) {
            Pause.millis(200);
            back = of(group);
        }
        return back;
    }
}
