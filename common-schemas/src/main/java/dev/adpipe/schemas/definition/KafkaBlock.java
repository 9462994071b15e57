package dev.adpipe.schemas.definition;

import java.util.Map;
import java.util.TreeMap;
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

    private final Map<String, Setting<String>> properties;

    KafkaBlock(ConfigReader in) {
        properties = in.flattened();
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
