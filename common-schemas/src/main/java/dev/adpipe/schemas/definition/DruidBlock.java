package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.DruidSettings.Credentials;
import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.DruidSettings.Overlord;
import dev.adpipe.schemas.definition.DruidSettings.Store;
import dev.adpipe.schemas.definition.DruidSettings.Tls;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The block {@code output.sink} of type {@code druid-kafka}. */
final class DruidBlock {
    private static final Pattern DATASOURCE = Pattern.compile("[^./\\s][^/\\s]*");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final String DERIVED = "follows from the definition";
    private static final String ALL_ROWS = "would drop rows, and each is to be counted once";
    private static final String DRUID_OWNS = "Druid keeps its offsets itself";

    /** Consumer property, and why it cannot be set. */
    private static final Map<String, String> OWNED_CONSUMER = Map.of(
            "isolation.level", "Druid must read read_committed, or rows of aborted transactions would count",
            "group.id", DRUID_OWNS,
            "auto.offset.reset", DRUID_OWNS,
            "enable.auto.commit", DRUID_OWNS,
            "key.deserializer", DERIVED,
            "value.deserializer", DERIVED);

    private static final Map<String, String> OWNED_TUNING = Map.of(
            "type",
            DERIVED,
            "resetOffsetAutomatically",
            "would skip rows, or count them twice, without a word; adpipe druid F reset says which");

    private static final Map<String, String> OWNED_IO = Map.ofEntries(
            Map.entry("type", DERIVED),
            Map.entry("topic", DERIVED),
            Map.entry("topicPattern", DERIVED),
            Map.entry("stream", DERIVED),
            Map.entry("inputFormat", DERIVED),
            Map.entry("consumerProperties", "set sink.kafka"),
            Map.entry("useEarliestOffset", "a new datasource begins with the first row, or rows would be missing"),
            Map.entry(
                    "useEarliestSequenceNumber",
                    "a new datasource begins with the first row, or rows would be missing"),
            Map.entry("taskCount", "set sink.task-count"),
            Map.entry("replicas", "set sink.replicas"),
            Map.entry("taskDuration", "set sink.task-duration"),
            Map.entry("lateMessageRejectionPeriod", ALL_ROWS),
            Map.entry("lateMessageRejectionStartDateTime", ALL_ROWS),
            Map.entry("earlyMessageRejectionPeriod", ALL_ROWS));

    private final Setting<String> datasource;
    private final Setting<URI> address;
    private final Optional<Setting<Credentials>> credentials;
    private final Optional<Setting<Tls>> tls;
    private final Setting<Granularity> segment;
    private final Setting<Granularity> query;
    private final Setting<Boolean> rollup;
    private final Setting<Integer> taskCount;
    private final Setting<Integer> replicas;
    private final Setting<Duration> taskDuration;
    private final Map<String, Setting<String>> consumer;
    private final Map<String, Setting<Object>> tuning;
    private final Map<String, Setting<Object>> io;

    DruidBlock(ConfigReader in) {
        datasource = datasource(in);
        address = in.ifGiven("overlord", in::address);
        credentials = in.has("credentials") ? Optional.of(credentials(in.block("credentials"))) : Optional.empty();
        tls = in.has("tls") ? Optional.of(tls(in.block("tls"))) : Optional.empty();
        if (!in.has("overlord")) {
            credentials.ifPresent(c -> c.reject("has no use without overlord; name it, or remove this"));
            tls.ifPresent(t -> t.reject("has no use without overlord; name it, or remove this"));
        } else if (address.is(a -> !"https".equals(a.getScheme()))) {
            tls.ifPresent(
                    t -> t.reject("has no use with an overlord at http://; its address must begin with https://"));
        }
        query = in.choice("query-granularity", Granularity.class);
        Setting<Granularity> given = in.choice("segment-granularity", Granularity.class)
                .require(g -> g.compareTo(Granularity.MINUTE) >= 0, "must be minute or coarser: a segment is a file");
        segment = query.isPresent()
                ? given.require(
                        g -> g.compareTo(query.get()) >= 0,
                        "must not be finer than query-granularity, " + ScalarParser.name(query.get()))
                : given;
        rollup = in.flag("rollup");
        taskCount = in.integer("task-count", 1, 10_000);
        replicas = in.integer("replicas", 1, 100);
        taskDuration = in.duration("task-duration")
                .require(
                        d -> d.compareTo(MINUTE) >= 0 && d.toMillisPart() == 0,
                        "must be at least 1m, in whole seconds");
        consumer = in.block("kafka").flattened();
        refuse(consumer, OWNED_CONSUMER);
        tuning = in.block("tuning").trees();
        refuse(tuning, OWNED_TUNING);
        io = in.block("io").trees();
        refuse(io, OWNED_IO);
    }

    static Setting<String> datasource(ConfigReader in) {
        return in.text("datasource")
                .require(
                        d -> DATASOURCE.matcher(d).matches(),
                        "is no name of a Druid datasource: no '/', no spaces, no '.' in front");
    }

    private static <T> void refuse(Map<String, Setting<T>> given, Map<String, String> owned) {
        given.forEach((name, value) -> {
            String reason = owned.get(name);
            if (reason != null) {
                value.reject("is set by adpipe and cannot be changed: " + reason);
            }
        });
    }

    private static Setting<Credentials> credentials(ConfigReader in) {
        Setting<String> user = in.text("user")
                .require(u -> !u.contains(":"), "must not contain a colon: Basic authentication ends the name there");
        Setting<String> password = secret(in, "password");
        in.finish();
        return new Setting<>(
                in.place(), user.value().flatMap(u -> password.value().map(p -> new Credentials(u, p))));
    }

    private static Setting<String> secret(ConfigReader in, String key) {
        if (!in.has(key) && !in.has(key + "-file")) {
            in.required(key, "a text, or " + key + "-file");
        }
        return in.secret(key);
    }

    private static Setting<Tls> tls(ConfigReader in) {
        Optional<Store> trusted = store(in, "truststore");
        Optional<Store> own = store(in, "keystore");
        if (!in.isSilent() && !in.has("truststore") && !in.has("keystore")) {
            in.place().reject("must name a truststore, a keystore or both; without the block, Java's own are used");
        }
        in.finish();
        return Setting.of(in.place(), new Tls(trusted, own));
    }

    private static Optional<Store> store(ConfigReader in, String key) {
        String passwordKey = key + "-password";
        if (!in.has(key)) {
            for (String useless : List.of(passwordKey, passwordKey + "-file")) {
                if (in.has(useless)) {
                    in.at(useless).reject("has no use without " + key);
                }
            }
            return Optional.empty();
        }
        Setting<Path> file = in.readableFile(key);
        Setting<String> password = secret(in, passwordKey);
        return file.value().flatMap(f -> password.value().map(p -> new Store(f, p)));
    }

    /** Empty if there is a mistake that is reported. */
    Optional<Sink> toSink() {
        if (!datasource.isPresent() || !query.isPresent() || !segment.isPresent()) {
            return Optional.empty();
        }
        if (!rollup.isPresent() || !taskCount.isPresent() || !replicas.isPresent() || !taskDuration.isPresent()) {
            return Optional.empty();
        }
        Optional<Overlord> overlord = address.value()
                .map(a -> new Overlord(a, credentials.flatMap(Setting::value), tls.flatMap(Setting::value)));
        return Optional.of(new Sink.DruidKafka(
                datasource.get(),
                new DruidSettings(
                        overlord,
                        segment.get(),
                        query.get(),
                        rollup.get(),
                        taskCount.get(),
                        replicas.get(),
                        taskDuration.get(),
                        values(new TreeMap<>(consumer)),
                        values(tuning),
                        values(io))));
    }

    private static <T> Map<String, T> values(Map<String, Setting<T>> settings) {
        Map<String, T> values = new LinkedHashMap<>();
        settings.forEach((name, setting) -> setting.value().ifPresent(value -> values.put(name, value)));
        return values;
    }
}
