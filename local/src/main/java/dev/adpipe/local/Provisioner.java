package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes everything in Kafka that a pipeline needs before its first start: its topics, the offsets its stages begin at, and,
 * if the definition has a tenant, the customer's user, ACLs and quotas.
 *
 * <p>Idempotent: what is there already is compared, and left or set right. Used by one thread; the {@link Admin} stays the
 * caller's.
 */
public final class Provisioner {
    /** Kafka's default for {@code heartbeat.interval.ms}, and a little. */
    private static final Duration HEARTBEAT = Duration.ofMillis(3500);

    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;

    /**
     * @param report gets one line for each thing that was done or found right
     */
    public Provisioner(PipelineDefinition definition, Admin admin, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
    }

    /**
     * @param rawPartitions make raw topics that are missing, with so many partitions; empty: refuse
     * @param removeStopped remove static members that are gone from groups whose offsets are missing
     * @param newPassword   give a user that is there the definition's password
     */
    public record Options(OptionalInt rawPartitions, boolean removeStopped, boolean newPassword) {
        public Options(OptionalInt rawPartitions, boolean removeStopped) {
            this(rawPartitions, removeStopped, false);
        }

        /** For a pipeline on one machine: raw topics are made too. */
        public static Options local(int rawPartitions) {
            return new Options(OptionalInt.of(rawPartitions), false);
        }
    }

    /**
     * @throws RuntimeException refused, with a message for a person, before the step that it would have harmed; or what
     *     Kafka answered
     */
    public void provision(Options options) {
        new TopicProvisioner(definition, admin, report).provision(options.rawPartitions());
        GroupMembers members = new GroupMembers(admin, HEARTBEAT, report);
        new OffsetProvisioner(definition, admin, members, report).provision(options.removeStopped());
        new TenantProvisioner(definition, admin, report).provision(options.newPassword());
    }
}
