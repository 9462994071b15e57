package dev.adpipe.schemas.definition;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The block {@code kafka}: properties for all clients, except those that the runtime must own. */
final class KafkaBlock {
    private static final String SERVERS = "bootstrap.servers";
    private static final Pattern HOST_AND_PORT = Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

    private static final String READ_COMMITTED = "every stage reads read_committed, or events would count twice";
    private static final String EXACTLY_ONCE = "exactly-once needs the runtime's value";
    private static final String NAMES =
            "the runtime names groups, members and transactions by pipeline, stage, instance";
    private static final String BYTES = "adpipe reads and writes bytes";
    private static final String FIRST_OFFSETS =
            "first offsets are explicit: set a stream's start, and provision commits them";

    /** Client property, and why the runtime owns it. */
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("isolation.level", READ_COMMITTED),
            Map.entry("enable.idempotence", EXACTLY_ONCE),
            Map.entry("acks", EXACTLY_ONCE),
            Map.entry("transactional.id", NAMES),
            Map.entry("group.id", NAMES),
            Map.entry("group.instance.id", NAMES),
            Map.entry("client.id", NAMES),
            Map.entry("transaction.two.phase.commit.enable", "the broker must end a dead container's transaction"),
            Map.entry("partitioner.class", "an event's partition follows from its join key"),
            Map.entry("partition.assignment.strategy", "the runtime's handover of tasks depends on it"),
            Map.entry("group.protocol", "the runtime's handover of tasks depends on it"),
            Map.entry("auto.offset.reset", FIRST_OFFSETS),
            Map.entry("enable.auto.commit", "offsets are committed with the outputs, in one transaction"),
            Map.entry("key.serializer", BYTES),
            Map.entry("value.serializer", BYTES),
            Map.entry("key.deserializer", BYTES),
            Map.entry("value.deserializer", BYTES),
            Map.entry("allow.auto.create.topics", "topics are made by provision, with their partitions and retention"),
            Map.entry("transaction.timeout.ms", "set pipeline.runtime.transaction-timeout"),
            Map.entry("session.timeout.ms", "set pipeline.runtime.session-timeout"));

    private static final String FILE = "-file";
    private static final Set<String> FILES = Set.of("ssl.keystore.location", "ssl.truststore.location");

    private static final String JAAS = "sasl.jaas.config";
    private static final String QUOTED_OR_WORD = "(?:\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s;\"']+)";
    /** A mistake here would be quoted by Kafka's own parser, and could be a piece of the password. */
    private static final Pattern JAAS_ENTRY =
            Pattern.compile("\\s*[\\w.$]+\\s+(?i:required|requisite|sufficient|optional)(?:\\s+[\\w.-]+\\s*=\\s*"
                    + QUOTED_OR_WORD + ")*\\s*;\\s*");

    private static final String PROTOCOL = "security.protocol";
    private static final Set<String> PROTOCOLS = Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final String MECHANISM = "sasl.mechanism";
    private static final String SCRAM = "SCRAM-SHA-512";
    private static final Set<String> SCRAMS = Set.of("SCRAM-SHA-256", SCRAM);

    private final Map<String, Setting<String>> properties;

    KafkaBlock(ConfigReader in) {
        properties = in.flattened();
        readFiles(in);
        replace(
                JAAS,
                value -> value.require(
                        jaas -> JAAS_ENTRY.matcher(jaas).matches(),
                        "must be one entry: <login module's class> required username=\"..\" password=\"..\"; but for SCRAM it is"
                                + " simpler to leave it out and set pipeline.tenant.password"));
        replace(
                PROTOCOL,
                value -> value.require(PROTOCOLS::contains, "must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"));
        properties.forEach((name, value) -> {
            String reason = OWNED.get(name);
            if (reason != null) {
                value.reject("is set by adpipe and cannot be changed: " + reason);
            }
        });
        Setting<String> servers = properties.get(SERVERS);
        if (servers == null) {
            in.required(SERVERS, "the brokers to begin with, \"host:port\" or \"host1:port,host2:port\"");
        } else {
            properties.put(
                    SERVERS,
                    servers.require(
                            KafkaBlock::areAddresses, "must be host:port, or several of them separated by commas"));
        }
    }

    /** Files are relative to the definition's folder; a property's value may be the content of a file. */
    private void readFiles(ConfigReader in) {
        for (String name : List.copyOf(properties.keySet())) {
            if (FILES.contains(name)) {
                replace(name, value -> in.readable(value).map(Path::toString));
            } else if (name.endsWith(FILE)) {
                Setting<String> path = properties.remove(name);
                String property = name.substring(0, name.length() - FILE.length());
                Setting<String> content = SecretFile.read(in.readable(path));
                if (properties.putIfAbsent(property, content) != null) {
                    path.reject("is given beside " + property + ": one of the two");
                }
            }
        }
    }

    private void replace(String name, UnaryOperator<Setting<String>> replacement) {
        properties.computeIfPresent(name, (n, value) -> replacement.apply(value));
    }

    /** The password can be logged in with: the clients use SCRAM, and nothing else says who logs in. */
    Setting<String> requireScram(Setting<String> password) {
        if (!password.isPresent()) {
            return password;
        }
        Setting<String> protocol = properties.get(PROTOCOL);
        if (protocol == null || protocol.is(p -> !p.startsWith("SASL_"))) {
            return password.reject("is never used: set kafka.security.protocol = SASL_SSL, or SASL_PLAINTEXT, so that"
                    + " clients log in");
        }
        if (properties.containsKey(JAAS)) {
            properties.get(JAAS).reject("says a second time who logs in: tenant.password is enough");
        }
        Setting<String> mechanism = properties.get(MECHANISM);
        if (mechanism == null) {
            properties.put(MECHANISM, Setting.of(password.place(), SCRAM));
        } else {
            replace(
                    MECHANISM,
                    value -> value.require(
                            SCRAMS::contains,
                            "must be SCRAM-SHA-256 or SCRAM-SHA-512 for a user with tenant.password; for other mechanisms set"
                                    + " kafka.sasl.jaas.config instead"));
        }
        return password;
    }

    Map<String, String> toProperties() {
        Map<String, String> values = new TreeMap<>();
        properties.forEach((name, value) -> values.put(name, value.get()));
        return values;
    }

    private static boolean areAddresses(String servers) {
        for (String server : servers.split(",", -1)) {
            Matcher address = HOST_AND_PORT.matcher(server.strip());
            if (!address.matches()) {
                return false;
            }
            int port = Integer.parseInt(address.group(1));
            if (port < 1 || port > 65535) {
                return false;
            }
        }
        return true;
    }
}
