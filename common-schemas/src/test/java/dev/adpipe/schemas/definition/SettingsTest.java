package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.definition.OutputSettings.CleaningStep;
import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.FileLookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.JdbcLookup;
import dev.adpipe.schemas.definition.OutputSettings.Lookup.TopicLookup;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.OnError;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.OutputSettings.Source;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.schemas.definition.StreamDefinition.Where;
import dev.adpipe.schemas.definition.TenantSettings.Quotas;
import dev.adpipe.schemas.payload.FieldPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key, set to something else than its default, arrives where it belongs. */
class SettingsTest {
    private static final Source SOURCE = new Source("click", FieldPath.parse("x"));
    private static final String FORMAT = "topics = [acme.raw.clicks]\n      format = ";
    private static final String JSON = FORMAT + "json";
    private static final String CREDENTIALS = "format.credentials";

    @TempDir
    private Path folder;

    /**
     * @param text of the definition
     * @param read the setting, of the definition and its folder
     */
    record Setup(String key, String text, BiFunction<PipelineDefinition, Path, Object> read, Object expected) {
        @Override
        public String toString() {
            return key + " -> " + expected;
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void takesEffect(Setup setup) throws IOException {
        PipelineDefinition definition = Example.load(folder, setup.text());
        assertThat(setup.read().apply(definition, folder)).isEqualTo(setup.expected());
    }

    static List<Setup> settings() {
        List<Setup> all = new ArrayList<>();
        all.addAll(scalars());
        all.addAll(tenant());
        all.addAll(streams());
        all.addAll(formats());
        all.addAll(columns());
        all.addAll(lookupAndSink());
        all.addAll(DruidDefinitions.settings());
        all.addAll(TranquilityDefinitions.settings());
        return all;
    }

    private static List<Setup> scalars() {
        return List.of(
                set("customer", "b-2", (d, f) -> d.topics().rows(), "b-2.ads.rows"),
                set("name", "n", (d, f) -> d.topics().rows(), "acme.n.rows"),
                set(
                        "kafka.bootstrap.servers",
                        "[\"a:1\", \"[::1]:2\"]",
                        (d, f) -> d.kafka(),
                        Map.of("bootstrap.servers", "a:1,[::1]:2")),
                set(
                        "kafka.sasl",
                        "{ jaas.config = \"a.B Required c='d e';\", x = 5 }",
                        (d, f) -> d.kafka().get("sasl.jaas.config") + d.kafka().get("sasl.x"),
                        "a.B Required c='d e';5"),
                set("shuffle.partitions", "7", (d, f) -> d.shuffle().partitions(), 7),
                set("shuffle.tick-interval", "2s", (d, f) -> d.shuffle().tickInterval(), Duration.ofSeconds(2)),
                set("shuffle.idle-after", "2 s", (d, f) -> d.shuffle().idleAfter(), Duration.ofSeconds(2)),
                set("shuffle.max-skew", "0ms", (d, f) -> d.shuffle().maxSkew(), Duration.ZERO),
                set("shuffle.max-record-bytes", "2KiB", (d, f) -> d.shuffle().maxRecordBytes(), 2048),
                set("join.emit", "eager", (d, f) -> d.join().emit(), JoinSettings.Emit.EAGER),
                set("join.emit", "on-close", (d, f) -> d.join().emit(), JoinSettings.Emit.ON_CLOSE),
                set("join.lateness", "1.5h", (d, f) -> d.join().lateness(), Duration.ofMinutes(90)),
                set("join.skew", "0s", (d, f) -> d.join().maxKeyLife(), Duration.ofHours(2)),
                set("join.skew", "2m", (d, f) -> d.join().skew(), Duration.ofMinutes(2)),
                set("join.orphans", "emit", (d, f) -> d.join().orphans(), JoinSettings.Orphans.EMIT),
                set("join.max-events-per-key", "1", (d, f) -> d.join().maxEventsPerKey(), 1),
                set("join.standbys", "2", (d, f) -> d.join().standbys(), 2),
                set("join.max-key-life", "62m", (d, f) -> d.join().maxKeyLife(), Duration.ofMinutes(62)),
                with(
                        "join.max-key-life",
                        "within = 1h",
                        "within = 1m",
                        (d, f) -> d.join().maxKeyLife(),
                        Duration.ofHours(1)),
                set("join.first-event-timeout", "5s", (d, f) -> d.join().firstEventTimeout(), Duration.ofSeconds(5)),
                set("output.time", "root", (d, f) -> d.output().time(), OutputSettings.RowTime.ROOT),
                set("output.transform", "com.acme.T", (d, f) -> d.output().transform(), Optional.of("com.acme.T")),
                set("output.row-count", "events", (d, f) -> d.output().rowCount(), Optional.of("events")),
                set(
                        "output.pre-aggregate.bucket",
                        "5s",
                        (d, f) -> d.output().preAggregate(),
                        Optional.of(new OutputSettings.PreAggregate(Duration.ofSeconds(5), 10_000))),
                renamed(
                        "output.pre-aggregate.max-rows",
                        set(
                                "output.pre-aggregate",
                                "{ bucket = 1ms, max-rows = 7 }",
                                (d, f) -> d.output().preAggregate(),
                                Optional.of(new OutputSettings.PreAggregate(Duration.ofMillis(1), 7)))),
                set("runtime.commit-interval", "1s", (d, f) -> d.runtime().commitInterval(), Duration.ofSeconds(1)),
                set(
                        "runtime.state-dir",
                        "../s",
                        (d, f) -> f.relativize(d.runtime().stateDir()).toString(),
                        "../s"),
                set("runtime.state-memory", "1GiB", (d, f) -> d.runtime().stateMemoryBytes(), 1L << 30),
                set("runtime.session-timeout", "7s", (d, f) -> d.runtime().sessionTimeout(), Duration.ofSeconds(7)),
                set(
                        "runtime.transaction-timeout",
                        "8s",
                        (d, f) -> d.runtime().transactionTimeout(),
                        Duration.ofSeconds(8)),
                set("runtime.metrics-port", "\"9404\"", (d, f) -> d.runtime().metricsPort(), 9404));
    }

    private static List<Setup> tenant() {
        String scram = "org.apache.kafka.common.security.scram.ScramLoginModule required ";
        return List.of(
                set(
                        "kafka.ssl",
                        "{ key.password-file = password, truststore.location = items.csv }",
                        (d, f) -> d.kafka().get("ssl.key.password")
                                + d.kafka().get("ssl.truststore.location").replace(f.toString(), ""),
                        "from a file/items.csv"),
                set("tenant", "{}", (d, f) -> d.tenant().orElseThrow().user(), "acme"),
                set(
                        "tenant.user",
                        "\"CN=x\"",
                        (d, f) -> d.tenant().orElseThrow().user(),
                        "CN=x"),
                secured(
                        "tenant.password",
                        "a\\\"b\\\\c",
                        "",
                        (d, f) -> d.kafka(),
                        Map.of(
                                "bootstrap.servers",
                                "localhost:9092",
                                "security.protocol",
                                "SASL_SSL",
                                "sasl.mechanism",
                                "SCRAM-SHA-512",
                                "sasl.jaas.config",
                                scram + "username=\"acme\" password=\"a\\\"b\\\\c\";")),
                secured(
                        "tenant.password",
                        "x",
                        "kafka.sasl.mechanism = SCRAM-SHA-256",
                        (d, f) ->
                                d.tenant().orElseThrow().password() + d.kafka().get("sasl.mechanism"),
                        "Optional[x]SCRAM-SHA-256"),
                secured(
                        "tenant.password-file",
                        "password",
                        "",
                        (d, f) -> d.tenant().orElseThrow().password(),
                        Optional.of("from a file")),
                set(
                        "tenant.quotas.producer-bytes",
                        "1MiB",
                        (d, f) -> d.tenant().orElseThrow().quotas(),
                        new Quotas(OptionalLong.of(1 << 20), OptionalLong.of(40 << 20), OptionalLong.of(100))),
                set(
                        "tenant.quotas.consumer-bytes",
                        "none",
                        (d, f) -> d.tenant().orElseThrow().quotas().consumerBytes(),
                        OptionalLong.empty()),
                set(
                        "tenant.quotas.request-percent",
                        "250",
                        (d, f) -> d.tenant().orElseThrow().quotas().requestPercent(),
                        OptionalLong.of(250)));
    }

    private static Setup secured(
            String key, String value, String more, BiFunction<PipelineDefinition, Path, Object> read, Object expected) {
        return new Setup(
                "pipeline." + key,
                Example.with("name = ads\n", "name = ads\n kafka.security.protocol = SASL_SSL\n" + more + "\n")
                        + "pipeline." + key + " = \"" + value + "\"\n",
                read,
                expected);
    }

    private static List<Setup> streams() {
        String keys = "key = imp_id\n      event-id = click_id\n";
        String time = "event-id = click_id\n      time { field = timestamp, format = iso-8601 }";
        String timed = "event-id = click_id\ntime { field = a.b, format = epoch-micros }";
        return List.of(
                click(
                        "name",
                        "within = 1h",
                        "within = 1h }, { name = c-2, topics = [x], format = json, key = a, event-id = b\n"
                                + "time { field = t, format = epoch-seconds }, within = 1d",
                        (d, f) -> d.streams().get(2).name(),
                        "c-2"),
                click(
                        "topics",
                        "[acme.raw.clicks]",
                        "[a, b_C-1]",
                        (d, f) -> d.rawTopics(),
                        List.of("acme.raw.impressions", "a", "b_C-1")),
                click(
                        "key",
                        keys,
                        "key = [a.b, \"c[1]\"]\nevent-id = x\n",
                        (d, f) -> d.streams().get(1).key(),
                        paths("a.b", "c[1]")),
                click(
                        "event-id",
                        keys,
                        "key = x\nevent-id = [y, z]\n",
                        (d, f) -> d.streams().get(1).eventId(),
                        paths("y", "z")),
                click(
                        "for-each",
                        keys,
                        "for-each = a.b\nkey = a.b.k\nevent-id = x\nwhere { field = \"a.b[0].k\", equals = 1 }\n",
                        (d, f) -> d.streams().get(1).forEach(),
                        Optional.of(FieldPath.parse("a.b"))),
                click(
                        "time.field",
                        time,
                        timed,
                        (d, f) -> d.streams().get(1).time().field(),
                        FieldPath.parse("a.b")),
                click(
                        "time.format",
                        time,
                        timed,
                        (d, f) -> d.streams().get(1).time().format(),
                        TimeFormat.EPOCH_MICROS),
                click(
                        "where.field",
                        keys,
                        keys + "where { field = k.l, equals = 1 }\n",
                        (d, f) -> d.streams().get(1).where(),
                        Optional.of(new Where(FieldPath.parse("k.l"), "1"))),
                click(
                        "where.equals",
                        keys,
                        keys + "where { field = k, equals = \"\" }\n",
                        (d, f) -> d.streams().get(1).where(),
                        Optional.of(new Where(FieldPath.parse("k"), ""))),
                click(
                        "within",
                        "within = 1h",
                        "within = 7d",
                        (d, f) -> d.streams().get(1).within(),
                        Duration.ofDays(7)),
                click(
                        "optional",
                        keys,
                        keys + "optional = true\n",
                        (d, f) -> d.streams().get(1).optional(),
                        true),
                click(
                        "first-only",
                        keys,
                        keys + "first-only = true\n",
                        (d, f) -> d.streams().get(1).firstOnly(),
                        true),
                click(
                        "start",
                        keys,
                        keys + "start = latest\n",
                        (d, f) -> d.streams().get(1).start(),
                        StreamDefinition.Start.LATEST));
    }

    private static List<Setup> formats() {
        String registry =
                "{ type = confluent-avro, registry = \"https://r:1\", credentials { user = u, password = p } }";
        PayloadFormat confluent = new PayloadFormat.ConfluentAvro(
                URI.create("https://r:1"), Optional.of(new PayloadFormat.Credentials("u", "p")));
        return List.of(
                format("", "json", "Json[]"),
                format(".type", "{ type = json }", "Json[]"),
                format(".schema", "{ type = avro, schema = click.avsc }", "Avro[schema=/click.avsc]"),
                format(
                        ".schemas",
                        "{ type = avro-single-object, schemas = [click.avsc, win.avsc] }",
                        "AvroSingleObject[schemas=[/click.avsc, /win.avsc]]"),
                format(
                        ".registry",
                        "{ type = confluent-avro, registry = \"http://r:1/x\" }",
                        "ConfluentAvro[registry=http://r:1/x, credentials=Optional.empty]"),
                click(
                        CREDENTIALS + ".user",
                        JSON,
                        FORMAT + registry,
                        (d, f) -> d.streams().get(1).format(),
                        confluent),
                click(
                        CREDENTIALS + ".password",
                        JSON,
                        FORMAT + registry,
                        (d, f) -> d.streams().get(1).format(),
                        confluent));
    }

    private static List<Setup> columns() {
        return List.of(
                dimension("", "click.x", column(List.of(), ValueType.STRING, Optional.empty())),
                dimension(".field", "{ field = click.x }", column(List.of(), ValueType.STRING, Optional.empty())),
                dimension(
                        ".type",
                        "{ field = click.x, type = boolean }",
                        column(List.of(), ValueType.BOOLEAN, Optional.empty())),
                dimension(
                        ".default",
                        "{ field = click.x, type = long, default = -1 }",
                        column(List.of(), ValueType.LONG, Optional.of("-1"))),
                dimension(
                        ".steps",
                        "{ field = click.x, steps = [trim, lower, upper, number, domain, boolean, micros, country,"
                                + " language] }",
                        steps(
                                new CleaningStep.Trim(),
                                new CleaningStep.Lower(),
                                new CleaningStep.Upper(),
                                new CleaningStep.ParseNumber(),
                                new CleaningStep.Domain(),
                                new CleaningStep.ParseBoolean(),
                                new CleaningStep.Scale(-6),
                                new CleaningStep.Country(),
                                new CleaningStep.Language())),
                dimension(
                        ".steps[0].scale",
                        "{ field = click.x, steps = [{ scale = 2 }] }",
                        steps(new CleaningStep.Scale(2))),
                dimension(
                        ".steps[0].split",
                        "{ field = click.x, type = strings, steps = [{ split = \"; \" }] }",
                        column(List.of(new CleaningStep.Split("; ")), ValueType.STRINGS, Optional.empty())),
                dimension(
                        ".steps[0].user-agent",
                        "{ field = click.x, steps = [{ user-agent = os-version }] }",
                        steps(new CleaningStep.UserAgent(CleaningStep.UserAgent.Part.OS_VERSION))),
                dimension(
                        ".steps[0].json",
                        "{ field = click.x, steps = [{ json = \"a[1].b\" }] }",
                        steps(new CleaningStep.Json(FieldPath.parse("a[1].b")))),
                currency(
                        ".currency",
                        "{ currency = GBP, from = click.c, rates { USD = 0.5 } }",
                        new CleaningStep.Currency(
                                "GBP",
                                new Source("click", FieldPath.parse("c")),
                                Optional.empty(),
                                Map.of("USD", new BigDecimal("0.5")),
                                Optional.empty())),
                currency(
                        ".from",
                        "{ currency = EUR, from = impression.a.b, otherwise = JPY, rates { USD = 2 } }",
                        new CleaningStep.Currency(
                                "EUR",
                                new Source("impression", FieldPath.parse("a.b")),
                                Optional.of("JPY"),
                                Map.of("USD", new BigDecimal("2")),
                                Optional.empty())),
                currency(".rates", "{ currency = EUR, from = click.c, rates = items }", itemsRates()),
                currency(".rates.lookup", "{ currency = EUR, from = click.c, rates { lookup = items } }", itemsRates()),
                dimension(
                        ".steps[0].truncate",
                        "{ field = click.x, steps = [{ truncate = 64 }] }",
                        steps(new CleaningStep.Truncate(64))),
                dimension(
                        ".steps[0].default",
                        "{ field = click.x, steps = [{ default = 1.50 }] }",
                        steps(new CleaningStep.Default("1.50"))),
                dimension(
                        ".steps[0].map",
                        "{ field = click.x, steps = [{ map { a.b = c, \"\" = d } }] }",
                        steps(new CleaningStep.MapValues(Map.of("a.b", "c", "", "d"), Optional.empty()))),
                dimension(
                        ".steps[0].otherwise",
                        "{ field = click.x, steps = [{ map { a = b }, otherwise = \"\" }] }",
                        steps(new CleaningStep.MapValues(Map.of("a", "b"), Optional.of("")))),
                dimension(
                        ".steps[0].time-bucket",
                        "{ field = click.x, steps = [{ time-bucket = 1h, format = epoch-millis }] }",
                        steps(new CleaningStep.TimeBucket(Duration.ofHours(1), TimeFormat.EPOCH_MILLIS))),
                dimension(
                        ".steps[0].format",
                        "{ field = click.x, steps = [{ time-bucket = 1d, format = iso-8601 }] }",
                        steps(new CleaningStep.TimeBucket(Duration.ofDays(1), TimeFormat.ISO_8601))),
                dimension(
                        ".lookup",
                        "{ field = click.x, lookup = items }",
                        new Dimension(
                                "d",
                                SOURCE,
                                List.of(),
                                Optional.of("items"),
                                ValueType.STRING,
                                Optional.empty(),
                                OnError.DEAD_LETTER)),
                dimension(
                        ".on-error",
                        "{ field = click.x, default = a, on-error = default }",
                        new Dimension(
                                "d",
                                SOURCE,
                                List.of(),
                                Optional.empty(),
                                ValueType.STRING,
                                Optional.of("a"),
                                OnError.DEFAULT)),
                metric(".on", "{ on = click, value = 2 }", constant("2", ValueType.LONG)),
                metric(".value", "{ on = click, value = 0.50 }", constant("0.50", ValueType.DOUBLE)),
                metric(".type", "{ on = click, value = 1, type = double }", constant("1", ValueType.DOUBLE)),
                metric(".field", "{ on = click, field = click.x }", sum(List.of(), ValueType.DOUBLE, Optional.empty())),
                metric(
                        ".default",
                        "{ on = click, field = click.x, type = long, default = 3 }",
                        sum(List.of(), ValueType.LONG, Optional.of(new BigDecimal("3")))),
                metric(
                        ".on-error",
                        "{ on = click, field = click.x, on-error = null }",
                        new Metric(
                                "m",
                                "click",
                                Optional.empty(),
                                Optional.of(SOURCE),
                                List.of(),
                                ValueType.DOUBLE,
                                Optional.empty(),
                                OnError.NULL)),
                metric(
                        ".steps",
                        "{ on = click, field = click.x, steps = [number] }",
                        sum(List.of(new CleaningStep.ParseNumber()), ValueType.DOUBLE, Optional.empty())));
    }

    private static List<Setup> lookupAndSink() {
        String lookup = "items = { type = file, path = items.csv, key = item_id, value = item_name }";
        String other = "items = { type = file, path = items.jsonl, key = item_name, value = item_id }";
        List<Setup> all = new ArrayList<>();
        for (String key : List.of("type", "path", "key", "value")) {
            all.add(with(
                    "output.lookups.items." + key,
                    lookup,
                    other,
                    (d, f) -> d.output().lookups().get("items").toString().replace(f.toString(), ""),
                    new FileLookup(Path.of("/items.jsonl"), "item_name", "item_id").toString()));
        }
        all.add(lookup(".topic", "type = topic, topic = t", new TopicLookup("t", Optional.empty(), Optional.empty())));
        all.add(lookup(
                ".value",
                "type = topic, topic = t, key = a.b, value = \"c[0]\"",
                new TopicLookup("t", Optional.of(FieldPath.parse("a.b")), Optional.of(FieldPath.parse("c[0]")))));
        String url = "jdbc:postgresql://db/x";
        Duration minute = Duration.ofMinutes(1);
        JdbcLookup asked = new JdbcLookup(url, Optional.empty(), Optional.empty(), "select 1, 2", minute);
        String query = "type = jdbc, url = \"" + url + "\", query = \"select 1, 2\"";
        all.add(lookup(".url", query, asked));
        all.add(lookup(".query", query, asked));
        for (String key : List.of("user", "password")) {
            all.add(lookup(
                    "." + key,
                    query + ", user = u, password = p",
                    new JdbcLookup(url, Optional.of("u"), Optional.of("p"), "select 1, 2", minute)));
        }
        all.add(lookup(
                ".every",
                query + ", every = 5s",
                new JdbcLookup(url, Optional.empty(), Optional.empty(), "select 1, 2", Duration.ofSeconds(5))));
        all.add(lookup(
                ".table",
                "type = jdbc, url = \"" + url + "\", table = s.items, key = id, value = name",
                new JdbcLookup(url, Optional.empty(), Optional.empty(), "select id, name from s.items", minute)));
        all.add(set("output.sink", "{ type = topic }", (d, f) -> d.output().sink(), new Sink.Topic()));
        all.add(set("output.sink.type", "topic", (d, f) -> d.output().sink(), new Sink.Topic()));
        all.add(renamed(
                "output.sink.format",
                set(
                        "output.sink",
                        "{ type = topic, format = avro }",
                        (d, f) -> d.output().sink(),
                        new Sink.Topic(OutputSettings.RowFormat.AVRO))));
        return all;
    }

    private static Setup lookup(String key, String text, Lookup expected) {
        return with(
                "output.lookups.items" + key,
                "type = file, path = items.csv, key = item_id, value = item_name",
                text,
                (d, f) -> d.output().lookups().get("items"),
                expected);
    }

    private static Setup set(
            String key, String value, BiFunction<PipelineDefinition, Path, Object> read, Object expected) {
        return new Setup("pipeline." + key, Example.TEXT + "pipeline." + key + " = " + value + "\n", read, expected);
    }

    private static Setup with(
            String key,
            String part,
            String replacement,
            BiFunction<PipelineDefinition, Path, Object> read,
            Object expected) {
        return new Setup("pipeline." + key, Example.with(part, replacement), read, expected);
    }

    private static Setup renamed(String key, Setup setup) {
        return new Setup("pipeline." + key, setup.text(), setup.read(), setup.expected());
    }

    private static Setup click(
            String key,
            String part,
            String replacement,
            BiFunction<PipelineDefinition, Path, Object> read,
            Object expected) {
        return with("streams[1]." + key, part, replacement, read, expected);
    }

    private static Setup format(String key, String format, String expected) {
        return click(
                "format" + key,
                JSON,
                FORMAT + format,
                (d, f) -> d.streams().get(1).format().toString().replace(f.toString(), ""),
                expected);
    }

    private static Setup dimension(String key, String text, Dimension expected) {
        return renamed(
                "output.dimensions.d" + key,
                set(
                        "output.dimensions.d",
                        text,
                        (d, f) -> d.output().dimensions().get(2),
                        expected));
    }

    private static Setup metric(String key, String text, Metric expected) {
        return renamed(
                "output.metrics.m" + key,
                set("output.metrics.m", text, (d, f) -> d.output().metrics().get(2), expected));
    }

    private static Setup currency(String key, String step, CleaningStep.Currency expected) {
        return dimension(".steps[0]" + key, "{ field = click.x, steps = [" + step + "] }", steps(expected));
    }

    private static CleaningStep.Currency itemsRates() {
        return new CleaningStep.Currency(
                "EUR", new Source("click", FieldPath.parse("c")), Optional.empty(), Map.of(), Optional.of("items"));
    }

    private static Dimension column(List<CleaningStep> steps, ValueType type, Optional<String> defaultValue) {
        return new Dimension("d", SOURCE, steps, Optional.empty(), type, defaultValue, OnError.DEAD_LETTER);
    }

    private static Dimension steps(CleaningStep... steps) {
        return column(List.of(steps), ValueType.STRING, Optional.empty());
    }

    private static Metric constant(String value, ValueType type) {
        return new Metric(
                "m",
                "click",
                Optional.of(new BigDecimal(value)),
                Optional.empty(),
                List.of(),
                type,
                Optional.empty(),
                OnError.DEAD_LETTER);
    }

    private static Metric sum(List<CleaningStep> steps, ValueType type, Optional<BigDecimal> defaultValue) {
        return new Metric(
                "m", "click", Optional.empty(), Optional.of(SOURCE), steps, type, defaultValue, OnError.DEAD_LETTER);
    }

    private static List<FieldPath> paths(String... texts) {
        return Stream.of(texts).map(FieldPath::parse).toList();
    }
}
