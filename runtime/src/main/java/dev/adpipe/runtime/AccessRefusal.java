package dev.adpipe.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.security.JaasContext;

/** What to tell a person when Kafka does not let a client in, or does not let it do something. Holds no secret. */
public final class AccessRefusal {
    private AccessRefusal() {}

    /**
     * @param kafka the properties that the client was made with
     * @return empty if the error, with its causes, is about something else
     */
    public static Optional<String> of(Throwable error, Map<String, ?> kafka) {
        for (Throwable t = error; t != null; t = t.getCause()) {
            if (t instanceof AuthenticationException e) {
                return Optional.of(notLetIn(e, kafka));
            }
            if (t instanceof AuthorizationException e) {
                return Optional.of(notAllowed(e, kafka));
            }
        }
        return Optional.empty();
    }

    private static String notLetIn(AuthenticationException e, Map<String, ?> kafka) {
        if (e instanceof SslAuthenticationException) {
            return "no TLS connection to Kafka at " + servers(kafka) + ": " + innermost(e)
                    + ". Does ssl.truststore.location hold the authority that signed the broker's certificate, is the host"
                    + " name in bootstrap.servers one of the certificate's, and does ssl.keystore.location hold a certificate"
                    + " that the broker accepts, if it asks for one?";
        }
        return "Kafka at " + servers(kafka) + " does not let in " + who(kafka)
                + (e instanceof SaslAuthenticationException ? " by " + text(kafka, "sasl.mechanism", "GSSAPI") : "")
                + ": " + e.getMessage()
                + ". Is the password (pipeline.tenant.password) the user's, and has the user been"
                + " made? 'adpipe provision F --command-config ADMIN' makes it";
    }

    private static String notAllowed(AuthorizationException e, Map<String, ?> kafka) {
        return "Kafka at " + servers(kafka) + " does not allow " + who(kafka) + " what is needed: " + what(e)
                + ". For a customer's own topics, groups and transactional ids 'adpipe provision F --command-config ADMIN'"
                + " makes the ACLs; what else is asked for needs an administrator's user";
    }

    private static String what(AuthorizationException e) {
        if (e instanceof TopicAuthorizationException topics
                && !topics.unauthorizedTopics().isEmpty()) {
            return "access to topic " + String.join(", ", topics.unauthorizedTopics());
        }
        if (e instanceof GroupAuthorizationException group && group.groupId() != null) {
            return "access to group " + group.groupId();
        }
        return e.getMessage();
    }

    /** {@code user acme}, as far as the client itself can know. */
    private static String who(Map<String, ?> kafka) {
        String protocol = text(kafka, "security.protocol", "PLAINTEXT");
        if (protocol.startsWith("SASL_")) {
            return "user " + user(kafka);
        }
        return protocol.equals("SSL") && kafka.containsKey("ssl.keystore.location")
                ? "the owner of the certificate in " + kafka.get("ssl.keystore.location")
                : "a client that does not log in (security.protocol = " + protocol + ")";
    }

    /** By Kafka's own parser: a password may hold anything, even what looks like a user's name. */
    private static String user(Map<String, ?> kafka) {
        Object jaas = kafka.get("sasl.jaas.config");
        if (jaas == null) {
            return "(of no sasl.jaas.config)";
        }
        try {
            Function<AppConfigurationEntry, Object> name =
                    entry -> entry.getOptions().get("username");
            return JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(jaas.toString())))
                    .configurationEntries()
                    .stream()
                    .map(name)
                    .map(String::valueOf)
                    .findFirst()
                    .orElse("(of sasl.jaas.config)");
        } catch (IllegalArgumentException e) {
            return "(of sasl.jaas.config)";
        }
    }

    private static String servers(Map<String, ?> kafka) {
        return text(kafka, "bootstrap.servers", "?");
    }

    private static String text(Map<String, ?> kafka, String name, String otherwise) {
        Object value = kafka.get(name);
        return value == null ? otherwise : value.toString();
    }

    private static String innermost(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }
}
