package dev.adpipe.schemas.definition;

import static dev.adpipe.schemas.definition.BrokenDefinitions.sink;

import dev.adpipe.schemas.definition.BrokenDefinitions.Case;
import dev.adpipe.schemas.definition.DruidSettings.Credentials;
import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.DruidSettings.Tls;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.SettingsTest.Setup;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Sinks of type {@code druid-kafka}, right and wrong; the stores need not be any here, only files. */
final class DruidDefinitions {
    private static final String DRUID = "type = druid-kafka, datasource = x";
    private static final String HTTPS = DRUID + ", overlord = \"https://o:1\"";
    private static final String NO_OVERLORD = ": has no use without overlord; name it, or remove this";
    private static final String OWNED = "is set by adpipe and cannot be changed: ";

    private DruidDefinitions() {}

    static List<Case> broken() {
        return List.of(
                sink("type = druid-kafka", ".datasource: is required: a text"),
                sink(
                        "type = druid-kafka, datasource = a/b",
                        ".datasource = a/b: is no name of a Druid datasource: no '/', no spaces, no '.' in front"),
                sink(
                        DRUID + ", overlord = \"ftp://x\"",
                        ".overlord = ftp://x: must be an address such as http://host:8081, without user or password in it"),
                sink(DRUID + ", credentials { user = u, password = p }", ".credentials" + NO_OVERLORD),
                sink(DRUID + ", tls { truststore = items.csv, truststore-password = p }", ".tls" + NO_OVERLORD),
                sink(
                        HTTPS.replace("https", "http") + ", tls { truststore = items.csv, truststore-password = p }",
                        ".tls: has no use with an overlord at http://; its address must begin with https://"),
                sink(HTTPS + ", credentials { password = p }", ".credentials.user: is required: a text"),
                sink(
                        HTTPS + ", credentials { user = \"a:b\", password = p }",
                        ".credentials.user = a:b: must not contain a colon: Basic authentication ends the name there"),
                sink(
                        HTTPS + ", credentials { user = u }",
                        ".credentials.password: is required: a text, or password-file"),
                sink(
                        HTTPS + ", tls {}",
                        ".tls: must name a truststore, a keystore or both; without the block, Java's own are used"),
                sink(HTTPS + ", tls { truststore = none.p12, truststore-password = p }", file("truststore")),
                sink(HTTPS + ", tls { keystore = none.p12, keystore-password = p }", file("keystore")),
                sink(
                        HTTPS + ", tls { truststore = items.csv }",
                        ".tls.truststore-password: is required: a text, or truststore-password-file"),
                sink(
                        HTTPS + ", tls { keystore = items.csv, keystore-password = p, truststore-password = q }",
                        ".tls.truststore-password = (hidden): has no use without truststore"),
                sink(
                        HTTPS + ", tls { truststore = items.csv, truststore-password = p, keystore-password = q }",
                        ".tls.keystore-password = (hidden): has no use without keystore"),
                sink(
                        DRUID + ", segment-granularity = second",
                        ".segment-granularity = second: must be minute or coarser: a segment is a file"),
                sink(
                        DRUID + ", query-granularity = day",
                        ".segment-granularity = hour (the default): must not be finer than query-granularity, day"),
                sink(
                        DRUID + ", query-granularity = hourly",
                        ".query-granularity = hourly: must be none, second, minute, five-minute, ten-minute,"
                                + " fifteen-minute, thirty-minute, hour, six-hour, day, week, month, quarter or year"),
                sink(DRUID + ", rollup = maybe", ".rollup = maybe: must be true or false"),
                sink(DRUID + ", task-count = 0", ".task-count = 0: must be a whole number from 1 to 10000"),
                sink(DRUID + ", replicas = 0", ".replicas = 0: must be a whole number from 1 to 100"),
                sink(DRUID + ", task-duration = 59s", ".task-duration = 59s: must be at least 1m, in whole seconds"),
                sink(
                        DRUID + ", kafka { isolation.level = read_uncommitted }",
                        ".kafka.isolation.level = read_uncommitted: " + OWNED
                                + "Druid must read read_committed, or rows of aborted transactions would count"),
                sink(
                        DRUID + ", kafka { group.id = x }",
                        ".kafka.group.id = x: " + OWNED + "Druid keeps its offsets itself"),
                sink(
                        DRUID + ", tuning { resetOffsetAutomatically = true }",
                        ".tuning.resetOffsetAutomatically = true: " + OWNED
                                + "would skip rows, or count them twice, without a word; adpipe druid F reset says which"),
                sink(
                        DRUID + ", io { useEarliestOffset = false }",
                        ".io.useEarliestOffset = false: " + OWNED
                                + "a new datasource begins with the first row, or rows would be missing"),
                sink(
                        DRUID + ", io { lateMessageRejectionPeriod = PT1H }",
                        ".io.lateMessageRejectionPeriod = PT1H: " + OWNED
                                + "would drop rows, and each is to be counted once"),
                sink(
                        DRUID + ", io { consumerProperties { a = b } }",
                        ".io.consumerProperties: " + OWNED + "set sink.kafka"),
                sink("type = topic, rollup = true", ".rollup = true: unknown key"));
    }

    static List<Setup> settings() {
        return List.of(
                set("type", "", (d, f) -> d.output().sink().getClass(), Sink.DruidKafka.class),
                set("datasource", "", (d, f) -> ((Sink.DruidKafka) d.output().sink()).datasource(), "x"),
                druid(
                        "overlord",
                        "overlord = \"http://o:1\"",
                        d -> d.overlord().get().address(),
                        URI.create("http://o:1")),
                credentials("user"),
                credentials("password"),
                tls("truststore"),
                tls("truststore-password"),
                tls("keystore"),
                tls("keystore-password"),
                druid(
                        "segment-granularity",
                        "segment-granularity = six-hour",
                        DruidSettings::segmentGranularity,
                        Granularity.SIX_HOUR),
                druid(
                        "query-granularity",
                        "query-granularity = none",
                        DruidSettings::queryGranularity,
                        Granularity.NONE),
                druid("rollup", "rollup = false", DruidSettings::rollup, false),
                druid("task-count", "task-count = 3", DruidSettings::taskCount, 3),
                druid("replicas", "replicas = 2", DruidSettings::replicas, 2),
                druid("task-duration", "task-duration = 90s", DruidSettings::taskDuration, Duration.ofSeconds(90)),
                druid(
                        "kafka",
                        "kafka { ssl.truststore.location = \"/a\" }",
                        DruidSettings::consumer,
                        Map.of("ssl.truststore.location", "/a")),
                druid(
                        "tuning",
                        "tuning { maxRowsInMemory = 5, indexSpec { bitmap { type = roaring } } }",
                        DruidSettings::tuning,
                        Map.of("maxRowsInMemory", 5, "indexSpec", Map.of("bitmap", Map.of("type", "roaring")))),
                druid("io", "io { pollTimeout = 7 }", DruidSettings::io, Map.of("pollTimeout", 7)));
    }

    private static Setup credentials(String key) {
        return druid(
                "credentials." + key,
                "overlord = \"http://o:1\", credentials { user = u, password = \"p:q\" }",
                d -> d.overlord().get().credentials(),
                Optional.of(new Credentials("u", "p:q")));
    }

    private static Setup tls(String key) {
        return set(
                "tls." + key,
                "overlord = \"https://o:1\", tls { truststore = items.csv, truststore-password = p, keystore = click.avsc,"
                        + " keystore-password = q }",
                (d, f) -> {
                    Tls tls = ((Sink.DruidKafka) d.output().sink())
                            .druid()
                            .overlord()
                            .get()
                            .tls()
                            .get();
                    return List.of(
                            f.relativize(tls.truststore().get().file()),
                            tls.truststore().get().password(),
                            f.relativize(tls.keystore().get().file()),
                            tls.keystore().get().password());
                },
                List.of(Path.of("items.csv"), "p", Path.of("click.avsc"), "q"));
    }

    private static Setup druid(String key, String setting, Function<DruidSettings, Object> read, Object expected) {
        return set(
                key, setting, (d, f) -> read.apply(((Sink.DruidKafka) d.output().sink()).druid()), expected);
    }

    private static Setup set(
            String key, String setting, BiFunction<PipelineDefinition, Path, Object> read, Object expected) {
        String sink = "\npipeline.output.sink { " + DRUID + "\n" + setting + " }\n";
        return new Setup("pipeline.output.sink." + key, Example.TEXT + sink, read, expected);
    }

    private static String file(String key) {
        return ".tls." + key + " = none.p12: there must be a readable file of this name; paths are relative to the"
                + " definition's folder";
    }
}
