package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/** The customer's SCRAM user. Kafka tells nobody a password, so whether it is right is seen by logging in. */
final class TenantUser {
    private static final int ITERATIONS = 8192;
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);

    private final PipelineDefinition definition;
    private final Admin admin;
    private final Consumer<String> report;

    TenantUser(PipelineDefinition definition, Admin admin, Consumer<String> report) {
        this.definition = definition;
        this.admin = admin;
        this.report = report;
    }

    void provision(String user, String password, boolean newPassword) {
        ScramMechanism mechanism =
                ScramMechanism.fromMechanismName(definition.kafka().get("sasl.mechanism"));
        if (!exists(user, mechanism)) {
            set(user, password, mechanism);
            report.accept("user " + user + ": created, " + mechanism.mechanismName());
        } else if (canLogIn()) {
            report.accept("user " + user + ": as it should be");
        } else if (newPassword) {
            set(user, password, mechanism);
            report.accept("user " + user
                    + ": the definition's password set. Jobs that run with the one before stay connected,"
                    + " and are not let in when they connect again: restart them");
        } else {
            throw CommandException.refused(
                    "user " + user + " is there already, and the definition's password is not his."
                            + " Jobs log in with the one he has. If the definition's is meant to be his new one: adpipe provision "
                            + definition.source() + " --new-password; if not, mend pipeline.tenant.password");
        }
    }

    private boolean exists(String user, ScramMechanism mechanism) {
        try {
            return Answer.of(admin.describeUserScramCredentials(List.of(user)).description(user))
                    .credentialInfos()
                    .stream()
                    .anyMatch(info -> info.mechanism() == mechanism);
        } catch (ResourceNotFoundException e) {
            return false;
        }
    }

    private void set(String user, String password, ScramMechanism mechanism) {
        Answer.of(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(mechanism, ITERATIONS), password)))
                .all());
        // The controller knows him; the brokers hear of him a little later.
        long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();
        while (!canLogIn()) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failed("user " + user
                        + " has been given the definition's password, but cannot log in"
                        + " with it after " + Shown.duration(KNOWN_WITHIN) + ". Does the listener of bootstrap.servers"
                        + " offer " + mechanism.mechanismName() + " (sasl.enabled.mechanisms)?");
            }
            Pause.millis(100);
        }
    }

    /** As the jobs do it. */
    private boolean canLogIn() {
        Map<String, Object> properties = new HashMap<>(definition.kafka());
        properties.put("default.api.timeout.ms", "15000");
        properties.put("request.timeout.ms", "14000");
        try (Admin customer = Admin.create(properties)) {
            Answer.of(customer.describeCluster().nodes());
            return true;
        } catch (SaslAuthenticationException e) {
            return false;
        }
    }
}
