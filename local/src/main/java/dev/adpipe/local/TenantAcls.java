package dev.adpipe.local;

import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a pipeline's user may do: what its jobs and commands need, and nothing else. Adds what is missing and says what there
 * is beyond; takes nothing away, since it may be another pipeline's.
 */
final class TenantAcls {
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);
    private static final String ANY_HOST = "*";
    private static final String EVERYBODY = "User:*";

    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;

    TenantAcls(PipelineDefinition definition, Admin admin, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
    }

    /** The exact minimum. READ, WRITE and DELETE include DESCRIBE; WRITE of any topic includes the idempotent producer. */
    static List<AclBinding> needed(PipelineDefinition definition, String user) {
        String prefix = definition.topics().prefix();
        List<AclBinding> all = new ArrayList<>();
        // With the dot: acme.ads. is not acme.ads2., nor acme.raw.
        allow(all, user, ResourceType.TOPIC, prefix + ".", PatternType.PREFIXED, AclOperation.READ, AclOperation.WRITE);
        // The join shortens its changelog, DESIGN S4.
        allow(
                all,
                user,
                ResourceType.TOPIC,
                definition.topics().joinChangelog(),
                PatternType.LITERAL,
                AclOperation.DELETE);
        // Made and deleted by an administrator, used by the customer's own jobs.
        allow(
                all,
                user,
                ResourceType.TOPIC,
                prefix + "-replay-",
                PatternType.PREFIXED,
                AclOperation.READ,
                AclOperation.WRITE,
                AclOperation.DELETE);
        for (String raw : definition.rawTopics()) {
            allow(all, user, ResourceType.TOPIC, raw, PatternType.LITERAL, AclOperation.READ);
        }
        for (String topic : lookupTopics(definition)) {
            allow(all, user, ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.READ);
        }
        allow(all, user, ResourceType.GROUP, prefix + "-", PatternType.PREFIXED, AclOperation.READ);
        allow(all, user, ResourceType.TRANSACTIONAL_ID, prefix + "-", PatternType.PREFIXED, AclOperation.WRITE);
        return all;
    }

    private static List<String> lookupTopics(PipelineDefinition definition) {
        return definition.output().lookups().values().stream()
                .filter(TopicLookup.class::isInstance)
                .map(lookup -> ((TopicLookup) lookup).topic())
                .distinct()
                .toList();
    }

    private static void allow(
            List<AclBinding> all,
            String user,
            ResourceType type,
            String name,
            PatternType pattern,
            AclOperation... operations) {
        for (AclOperation operation : operations) {
            all.add(new AclBinding(
                    new ResourcePattern(type, name, pattern),
                    new AccessControlEntry("User:" + user, ANY_HOST, operation, AclPermissionType.ALLOW)));
        }
    }

    void provision(String user) {
        List<AclBinding> needed = needed(definition, user);
        Optional<Collection<AclBinding>> there = of("User:" + user);
        if (there.isEmpty()) {
            report.accept("ACLs: none made, since this cluster has no authorizer (the brokers' authorizer.class.name):"
                    + " whoever reaches it may read and write everything. Topics and offsets are made all the same");
            return;
        }
        Set<AclBinding> missing = new LinkedHashSet<>(needed);
        missing.removeAll(there.get());
        if (missing.isEmpty()) {
            report.accept("ACLs of User:" + user + ": as they should be");
        } else {
            Answer.of(admin.createAcls(missing).all());
            awaitKnown(user, missing);
            describe(missing).forEach(line -> report.accept("ACL of User:" + user + ": created, may " + line));
        }
        sayWhatElse(user, there.get(), needed);
        sayWhatEverybodyMay();
    }

    /** Empty if the cluster has no authorizer. */
    private Optional<Collection<AclBinding>> of(String principal) {
        try {
            return Optional.of(Answer.of(admin.describeAcls(new AclBindingFilter(
                            ResourcePatternFilter.ANY,
                            new AccessControlEntryFilter(principal, null, AclOperation.ANY, AclPermissionType.ANY)))
                    .values()));
        } catch (SecurityDisabledException e) {
            return Optional.empty();
        }
    }

    private void awaitKnown(String user, Set<AclBinding> created) {
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (!of("User:" + user).orElse(List.of()).containsAll(created)) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failed(
                        "ACLs of User:" + user + " were created, but the broker does not know them after "
                                + Shown.duration(KNOWN_WITHIN) + ". Run this again");
            }
            Pause.millis(50);
        }
    }

    /** More than this pipeline needs: perhaps another pipeline's of the customer, perhaps a mistake. */
    private void sayWhatElse(String user, Collection<AclBinding> there, List<AclBinding> needed) {
        Set<AclBinding> more = new LinkedHashSet<>(there);
        needed.forEach(more::remove);
        more.removeIf(acl -> acl.entry().permissionType() == AclPermissionType.ALLOW
                && acl.pattern().name().startsWith(definition.customer() + "."));
        describe(more)
                .forEach(line -> report.accept(
                        "ACL of User:" + user + ": also " + line + "; not by this definition, and left as it is"));
    }

    private void sayWhatEverybodyMay() {
        Set<AclBinding> open = new LinkedHashSet<>(of(EVERYBODY).orElse(List.of()));
        open.removeIf(acl -> acl.entry().permissionType() != AclPermissionType.ALLOW || !isAboutUs(acl.pattern()));
        describe(open)
                .forEach(line -> report.accept("ACL of " + EVERYBODY + ": everybody may " + line
                        + ", so customers are not apart there; left as it is"));
    }

    private boolean isAboutUs(ResourcePattern pattern) {
        List<String> names = new ArrayList<>(definition.rawTopics());
        names.addAll(definition.topics().all());
        names.add(definition.topics().prefix() + "-");
        return names.stream()
                .anyMatch(name -> pattern.name().equals("*")
                        || (pattern.patternType() == PatternType.PREFIXED
                                ? name.startsWith(pattern.name())
                                : name.equals(pattern.name())));
    }

    /** {@code READ, WRITE topics acme.ads.*}, one line for each resource. */
    private static List<String> describe(Collection<AclBinding> acls) {
        Map<String, Set<String>> operations = new LinkedHashMap<>();
        for (AclBinding acl : acls) {
            ResourcePattern pattern = acl.pattern();
            String denied = acl.entry().permissionType() == AclPermissionType.DENY ? "not " : "";
            String name =
                    pattern.resourceType().toString().toLowerCase(Locale.ROOT).replace('_', '-') + " " + pattern.name()
                            + (pattern.patternType() == PatternType.PREFIXED ? "*" : "");
            operations
                    .computeIfAbsent(name, n -> new TreeSet<>())
                    .add(denied + acl.entry().operation().toString());
        }
        List<String> lines = new ArrayList<>();
        operations.forEach((name, what) -> lines.add(String.join(", ", what) + " " + name));
        return lines;
    }
}
