package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.TenantSettings;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes a customer a user of the cluster: a login, what he may use, and how much of it. Says what it found and what it
 * changed, and never prints a password. Used by one thread.
 */
final class TenantProvisioner {
    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;

    TenantProvisioner(PipelineDefinition definition, Admin admin, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
    }

    /**
     * Does nothing if the definition has no tenant.
     *
     * @param newPassword whether a user that is there gets the definition's password
     * @throws CommandException refused, since the password is not the user's
     */
    void provision(boolean newPassword) {
        if (definition.tenant().isEmpty()) {
            return;
        }
        TenantSettings tenant = definition.tenant().get();
        if (tenant.password().isPresent()) {
            new TenantUser(definition, admin, report)
                    .provision(tenant.user(), tenant.password().get(), newPassword);
        }
        new TenantAcls(definition, admin, report).provision(tenant.user());
        new TenantQuotas(admin, report).provision(tenant.user(), tenant.quotas());
        if (definition.kafka().getOrDefault("security.protocol", "PLAINTEXT").equals("PLAINTEXT")) {
            report.accept(
                    "user " + tenant.user() + ": the definition's clients do not log in (kafka.security.protocol ="
                            + " PLAINTEXT), so Kafka does not know them as this user, and nothing of the above holds for them");
        }
    }
}
