package dev.adpipe.local;

import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Kafka with TLS, SCRAM logins and the ACL authorizer; and definitions of customers who share it. */
final class SecuredKafka implements AutoCloseable {
    private static final String STORE_PASSWORD = "store-password";
    private static final String ADMIN_PASSWORD = "admin-passw0rd";
    private static final String MECHANISM = "SCRAM-SHA-512";

    private final Path dir;
    private final EmbeddedKafka kafka;

    private SecuredKafka(Path dir, EmbeddedKafka kafka) {
        this.dir = dir;
        this.kafka = kafka;
    }

    /**
     * @param more settings of the broker
     */
    static SecuredKafka start(Path dir, Map<String, String> more) throws Exception {
        Path trust = certificates(dir);
        Map<String, String> settings = new HashMap<>(Map.of(
                "ssl.keystore.location",
                dir.resolve("broker.p12").toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                STORE_PASSWORD,
                "ssl.truststore.location",
                trust.toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                STORE_PASSWORD,
                "sasl.enabled.mechanisms",
                MECHANISM,
                "sasl.mechanism.inter.broker.protocol",
                MECHANISM,
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                jaas("admin", ADMIN_PASSWORD),
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer"));
        // The node as its own controller comes without a login, by a port that no test uses.
        settings.put("super.users", "User:admin;User:ANONYMOUS");
        settings.putAll(more);
        EmbeddedKafka kafka = EmbeddedKafka.start(
                dir.resolve("kafka"),
                new EmbeddedKafka.Security(
                        "SASL_SSL", settings, List.of(MECHANISM + "=[name=admin,password=" + ADMIN_PASSWORD + "]")));
        SecuredKafka secured = new SecuredKafka(dir, kafka);
        Files.writeString(dir.resolve("trust.password"), STORE_PASSWORD + "\n");
        Files.writeString(
                dir.resolve("admin.properties"),
                "sasl.mechanism=" + MECHANISM + "\nsasl.jaas.config=" + jaas("admin", ADMIN_PASSWORD) + "\n");
        return secured;
    }

    /** For {@code --command-config}. */
    String administrator() {
        return dir.resolve("admin.properties").toString();
    }

    /** A connection that may do everything. */
    KafkaConnection connect() {
        return KafkaConnection.open(properties("admin", ADMIN_PASSWORD));
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    Map<String, String> properties(String user, String password) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                jaas(user, password),
                "ssl.truststore.location",
                dir.resolve("trust.p12").toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                STORE_PASSWORD);
    }

    /**
     * A definition of the customer's pipeline {@code ads}.
     *
     * @param password what stands for the password in it
     * @param more     of the tenant's block
     */
    Path definition(String customer, String password, String more) throws IOException {
        return Files.writeString(dir.resolve(customer + ".conf"), """
                pipeline {
                  customer = NAME, name = ads
                  kafka {
                    bootstrap.servers = "BOOTSTRAP", security.protocol = SASL_SSL
                    ssl.truststore { location = "trust.p12", type = PKCS12, password-file = "trust.password" }
                  }
                  tenant { password = PASSWORD, MORE }
                  streams = [
                    { name = impression, topics = [NAME.raw.impressions], format = json, key = imp_id, event-id = imp_id
                      time { field = timestamp, format = iso-8601 } }
                    { name = click, topics = [NAME.raw.clicks], format = json, key = imp_id, event-id = click_id
                      time { field = timestamp, format = iso-8601 }, within = 1h }
                  ]
                  shuffle { partitions = 2, tick-interval = 200ms, idle-after = 1s, max-record-bytes = 64KiB }
                  output {
                    dimensions { campaign = { field = impression.campaign, type = long } }
                    metrics { impressions { on = impression, value = 1 }, clicks { on = click, value = 1 } }
                  }
                  runtime { commit-interval = 100ms, state-dir = "state-NAME", state-memory = 32MiB, session-timeout = 6s }
                }
                """.replace("NAME", customer)
                .replace("BOOTSTRAP", kafka.bootstrapServers())
                .replace("PASSWORD", password)
                .replace("MORE", more));
    }

    @Override
    public void close() {
        kafka.close();
    }

    private static String jaas(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** A key for the broker, by the JDK's tool; a trust store with its certificate for everybody. */
    private static Path certificates(Path dir) throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = dir.resolve("broker.p12");
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.toString(),
                "-storepass:env",
                "STORE_PASSWORD");
        keytool.environment().put("STORE_PASSWORD", STORE_PASSWORD);
        keytool.redirectErrorStream(true)
                .redirectOutput(dir.resolve("keytool.log").toFile());
        if (keytool.start().waitFor() != 0) {
            throw new IOException("keytool: " + Files.readString(dir.resolve("keytool.log")));
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("broker", store.getCertificate("broker"));
        Path file = dir.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, STORE_PASSWORD.toCharArray());
        }
        return file;
    }
}
