package dev.adpipe.schemas.definition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One broken definition per rule. Each is the example with one part replaced; {@code §} marks the line of each expected
 * problem. If there is one problem and no mark, it is expected where the replacement begins.
 */
final class BrokenDefinitions {
    static final String NAME = "must be small letters, digits and hyphens, the first no hyphen";
    private static final String DURATION =
            "must be a duration: a number and its unit, from 0ms to 3650d, for example 200ms, 30s, 5m, 1h or 7d";
    private static final String SIZE =
            ": must be a size: a number and its unit, from %s to %s, for example 512KiB, 1MiB or 2GiB";
    private static final String PATH = "names joined by dots, an array's element as name[0], for example imp[0].id";
    private static final String TOPIC = "is no name of a topic: 1 to 249 letters, digits, '.', '_' and '-'";
    private static final String FILE =
            "there must be a readable file of this name; paths are relative to the definition's folder";
    private static final String STEPS = "boolean, country, domain, language, lower, micros, number, trim, upper, or"
            + " { truncate = 64 }, { map { a = b }, otherwise = c }, { default = x }, { time-bucket = 1h, format ="
            + " epoch-millis }, { scale = -6 }, { currency = EUR, from = impression.cur, rates { USD = 0.9 } },"
            + " { split = \",\" }, { json = a.b }, { user-agent = browser }";
    private static final String ADDRESS = "must be an address such as http://host:8081, without user or password in it";
    private static final String CODE = "must be a currency's code in three capital letters, such as EUR";
    private static final String AVRO =
            "is no name in Avro, which sink.format = avro needs: letters, digits and '_', the first no digit";
    private static final String OWNED = "is set by adpipe and cannot be changed: ";

    private static final String IMPRESSIONS = "topics = [acme.raw.impressions]";
    private static final String CLICKS = "topics = [acme.raw.clicks]";
    private static final String CLICK_FORMAT = CLICKS + "\n      format = json";
    private static final String IMP_KEYS = "key = imp_id\n      event-id = imp_id\n";
    private static final String CLICK_KEYS = "key = imp_id\n      event-id = click_id\n";
    private static final String ITEM = "item = { field = impression.item_id, lookup = items }";
    private static final String CAMPAIGN = "campaign = impression.campaign";
    private static final String SPEND = "spend = { on = click, field = impression.price }";
    private static final String LOOKUP = "items = { type = file, path = items.csv, key = item_id, value = item_name }";
    private static final String PORT = "metrics-port = 0";

    /**
     * @param text     of the definition; each {@code §} marks the line of a problem
     * @param problems expected, in the order of the marks, without file and line
     */
    record Case(String text, List<String> problems) {
        @Override
        public String toString() {
            return problems.get(0);
        }
    }

    private BrokenDefinitions() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(pipeline());
        cases.addAll(kafka());
        cases.addAll(security());
        cases.addAll(tenant());
        cases.addAll(streams());
        cases.addAll(forEach());
        cases.addAll(formats());
        cases.addAll(sharedTopics());
        cases.addAll(shuffleAndJoin());
        cases.addAll(dimensions());
        cases.addAll(steps());
        cases.addAll(metrics());
        cases.addAll(lookupsAndSinks());
        cases.addAll(DruidDefinitions.broken());
        cases.addAll(TranquilityDefinitions.broken());
        cases.addAll(runtime());
        return cases;
    }

    private static List<Case> pipeline() {
        return List.of(
                broken("pipeline {\n  customer = acme", "pipeline {§", "pipeline.customer: is required: a text"),
                broken("customer = acme", "customer = Acme", "pipeline.customer = Acme: " + NAME),
                broken("customer = acme", "customer = \" \"", "pipeline.customer = \" \": must not be empty"),
                broken("customer = acme", "customer = [acme]", "pipeline.customer = [acme]: must be a text"),
                broken("name = ads", "name = -ads", "pipeline.name = -ads: " + NAME),
                broken(
                        "name = ads",
                        "name = " + "a".repeat(200),
                        "pipeline.name = " + "a".repeat(80)
                                + "..: customer and name together are 204 characters long, at"
                                + " most 170 leave room for the names of topics, groups and clients (249 in Kafka)"),
                broken(
                        "name = ads",
                        "name = ads-join",
                        "pipeline.name = ads-join: must not have -shuffle, -join or -output in it: ids are"
                                + " <customer>.<name>-<stage>-<instance>, and two pipelines' could be the same"),
                broken(
                        "name = ads",
                        "name = ads\n  stream = x§",
                        "pipeline.stream = x: unknown key; did you mean 'streams'?"),
                broken("name = ads", "name = ads\n  zzz { a = 1 }§", "pipeline.zzz: unknown key"),
                broken("pipeline {", "other { a = 1 }§\npipeline {", "other: unknown key"),
                broken(
                        "shuffle {\n    partitions = 12\n  }",
                        "shuffle = 12",
                        "pipeline.shuffle = 12: must be a block { .. }"));
    }

    private static List<Case> kafka() {
        String servers = "kafka.bootstrap.servers = \"localhost:9092\"";
        List<Case> cases = new ArrayList<>(List.of(
                broken(
                        "pipeline {\n  customer = acme\n  name = ads\n  " + servers,
                        "pipeline {§\n  customer = acme\n  name = ads\n",
                        "pipeline.kafka.bootstrap.servers: is required: the brokers to begin with, \"host:port\" or"
                                + " \"host1:port,host2:port\""),
                servers("localhost"),
                servers("localhost:0"),
                servers("a:9092,b:65536"),
                servers("a:9092,,b:9092"),
                servers("PLAINTEXT://a:9092"),
                broken(
                        servers,
                        servers + "\n  kafka { linger.ms = [[1]] }§",
                        "pipeline.kafka.linger.ms = [[1]]: must be a list of one or more texts: [a, b]"),
                broken(
                        servers,
                        servers + "\n  kafka { \"linger.ms\" = 1§\n linger.ms = 2 }",
                        "pipeline.kafka.linger.ms = 1: is given twice, once as a quoted name")));
        String committed = "every stage reads read_committed, or events would count twice";
        String exactly = "exactly-once needs the runtime's value";
        String names = "the runtime names groups, members and transactions by pipeline, stage, instance";
        String handover = "the runtime's handover of tasks depends on it";
        String bytes = "(hidden): " + OWNED + "adpipe reads and writes bytes";
        cases.addAll(List.of(
                owned("isolation.level", "x: " + OWNED + committed),
                owned("enable.idempotence", "x: " + OWNED + exactly),
                owned("acks", "x: " + OWNED + exactly),
                owned("transactional.id", "x: " + OWNED + names),
                owned("group.id", "x: " + OWNED + names),
                owned("group.instance.id", "x: " + OWNED + names),
                owned("client.id", "x: " + OWNED + names),
                owned(
                        "transaction.two.phase.commit.enable",
                        "x: " + OWNED + "the broker must end a dead container's transaction"),
                owned("partitioner.class", "x: " + OWNED + "an event's partition follows from its join key"),
                owned("partition.assignment.strategy", "x: " + OWNED + handover),
                owned("group.protocol", "x: " + OWNED + handover),
                owned(
                        "auto.offset.reset",
                        "x: " + OWNED + "first offsets are explicit: set a stream's start, and provision commits them"),
                owned(
                        "enable.auto.commit",
                        "x: " + OWNED + "offsets are committed with the outputs, in one transaction"),
                owned("key.serializer", bytes),
                owned("value.serializer", "x" + bytes.substring(Problems.HIDDEN.length())),
                owned("key.deserializer", bytes),
                owned("value.deserializer", "x" + bytes.substring(Problems.HIDDEN.length())),
                owned(
                        "allow.auto.create.topics",
                        "x: " + OWNED + "topics are made by provision, with their partitions and retention"),
                owned("transaction.timeout.ms", "x: " + OWNED + "set pipeline.runtime.transaction-timeout"),
                owned("session.timeout.ms", "x: " + OWNED + "set pipeline.runtime.session-timeout")));
        return cases;
    }

    private static List<Case> security() {
        String file = "there must be a readable file of this name; paths are relative to the definition's folder";
        String jaas = "pipeline.kafka.sasl.jaas.config = (hidden): must be one entry: <login module's class> required"
                + " username=\"..\" password=\"..\"; but for SCRAM it is simpler to leave it out and set"
                + " pipeline.tenant.password";
        return List.of(
                owned("security.protocol", "x: must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"),
                owned("ssl.truststore.location", "x: " + file),
                owned("ssl.keystore.location", "x: " + file),
                owned("ssl.key.password-file", "x: " + file),
                owned("sasl.jaas.config", jaas.substring(jaas.indexOf("(hidden)"))),
                kafka("sasl.jaas.config = \"a.B required username=u password=\\\"x;\"§", jaas),
                kafka("sasl.jaas.config = \"a.B password=x required;\"§", jaas),
                kafka(
                        "ssl.key.password-file = nothing§",
                        "pipeline.kafka.ssl.key.password-file = nothing: must hold a secret: the file is empty"),
                kafka(
                        "ssl.key { password = x, password-file = password }§",
                        "pipeline.kafka.ssl.key.password-file = password: is given beside ssl.key.password: one of the"
                                + " two"));
    }

    private static List<Case> tenant() {
        String bytes = ": must be a size, in bytes a second, from 1KiB to 1024GiB, for example 10MiB, or none";
        String percent = ": must be a whole number from 1 to 100000, or none";
        String sasl = "security.protocol = SASL_SSL\n";
        return List.of(
                tenant("", "tenant = x§", "tenant = (hidden): must be a block { .. }"),
                tenant("", "tenant { user = \"\" }§", "tenant.user = \"\": must not be empty"),
                tenant(
                        "",
                        "tenant { user = \"a\\u0000\" }§",
                        "tenant.user = a\u0000: must not contain control characters"),
                tenant(
                        "",
                        "tenant { pasword = x }§",
                        "tenant.pasword = (hidden): unknown key; did you mean 'password'?"),
                tenant(
                        "",
                        "tenant { password = x }§",
                        "tenant.password = (hidden): is never used: set kafka.security.protocol = SASL_SSL, or"
                                + " SASL_PLAINTEXT, so that clients log in"),
                tenant(sasl, "tenant { password = [x] }§", "tenant.password = (hidden): must be a text"),
                tenant(
                        sasl,
                        "tenant { password = x, password-file = password }§",
                        "tenant.password-file = password: is given beside password: one of the two"),
                tenant(
                        sasl,
                        "tenant { password-file = lines }§",
                        "tenant.password-file = lines: must be one line, without control characters"),
                tenant(
                        sasl,
                        "tenant { password-file = nothing }§",
                        "tenant.password-file = nothing: must hold a secret: the file is empty"),
                tenant(
                        sasl + "sasl.jaas.config = \"a.B required;\"§\n",
                        "tenant { password = x }",
                        "kafka.sasl.jaas.config = (hidden): says a second time who logs in: tenant.password is enough"),
                tenant(
                        sasl + "sasl.mechanism = PLAIN§\n",
                        "tenant { password = x }",
                        "kafka.sasl.mechanism = PLAIN: must be SCRAM-SHA-256 or SCRAM-SHA-512 for a user with"
                                + " tenant.password; for other mechanisms set kafka.sasl.jaas.config instead"),
                tenant("", "tenant.quotas.producer-bytes = 1§", "tenant.quotas.producer-bytes = 1" + bytes),
                tenant("", "tenant.quotas.consumer-bytes = 1B§", "tenant.quotas.consumer-bytes = 1B" + bytes),
                tenant("", "tenant.quotas.request-percent = 0§", "tenant.quotas.request-percent = 0" + percent));
    }

    private static Case tenant(String kafka, String tenant, String problem) {
        return broken(
                "  streams = [", "  kafka {\n" + kafka + "}\n" + tenant + "\n  streams = [", "pipeline." + problem);
    }

    private static Case kafka(String setting, String problem) {
        return broken("  streams = [", "  kafka { " + setting + "\n }\n  streams = [", problem);
    }

    private static List<Case> streams() {
        return List.of(
                broken("name = click\n", "name = Click_1\n", "pipeline.streams[1].name = Click_1: " + NAME),
                broken(
                        "name = click\n",
                        "name = impression\n",
                        "pipeline.streams[1].name = impression: is the name of a"
                                + " stream before it; names must differ"),
                broken(
                        "{\n      name = click\n      " + CLICKS,
                        "{\n name = click",
                        "pipeline.streams[1].topics: is required: a list of one or more texts: [a, b]"),
                clickTopics("x", "x", "must be a list of one or more texts: [a, b]"),
                clickTopics("[]", "[]", "must be a list of one or more texts: [a, b]"),
                clickTopics("[{a = b}]", "[{ .. }]", "must be a list of one or more texts: [a, b]"),
                clickTopics("[x, y, x]", "[x, y, x]", "must not name anything twice"),
                clickTopics("[\"a b\", x]", "[a b, x]", "'a b' " + TOPIC),
                clickTopics("[..]", "[..]", "'..' " + TOPIC),
                clickTopics(
                        "[" + "t".repeat(250) + "]", "[" + "t".repeat(79) + "..", "'" + "t".repeat(250) + "' " + TOPIC),
                clickTopics(
                        "[acme.ads.rows]",
                        "[acme.ads.rows]",
                        "'acme.ads.rows' is the pipeline's own topic acme.ads.rows; name a raw topic"),
                clickTopics(
                        "[acme_ads.dead-letter]",
                        "[acme_ads.dead-letter]",
                        "'acme_ads.dead-letter' is the pipeline's own topic acme.ads.dead-letter; name a raw topic"),
                broken(
                        CLICK_KEYS,
                        "key = [a, a.]\nevent-id = click_id\n",
                        "pipeline.streams[1].key = [a, a.]: must be field paths: " + PATH),
                broken(
                        CLICK_KEYS,
                        "key = imp_id\nevent-id = \"a b\"§\n",
                        "pipeline.streams[1].event-id = a b: must be field paths: " + PATH),
                both(
                        "{\n      name = click\n",
                        "{§\n      name = click\n",
                        CLICK_KEYS,
                        "key = imp_id\nevent_id = click_id§\n",
                        "pipeline.streams[1].event-id: is required: a text, or a list of one or more texts: [a, b]",
                        "pipeline.streams[1].event_id = click_id: unknown key; did you mean 'event-id'?"),
                broken(
                        IMP_KEYS,
                        "key = imp_id\nevent-id = []§\n",
                        "pipeline.streams[0].event-id = []: must be a text, or a"
                                + " list of one or more texts: [a, b]"),
                broken(
                        IMP_KEYS,
                        IMP_KEYS + "start = now§\n",
                        "pipeline.streams[0].start = now: must be earliest or latest"),
                broken(
                        IMP_KEYS,
                        IMP_KEYS + "first-only = 1§\n",
                        "pipeline.streams[0].first-only = 1: must be true or false"),
                broken(
                        IMP_KEYS,
                        IMP_KEYS + "optional = maybe§\n",
                        "pipeline.streams[0].optional = maybe: must be true or false"),
                broken(
                        IMP_KEYS,
                        IMP_KEYS + "optional = true§\n",
                        "pipeline.streams[0].optional = true: the first stream is the root and cannot be optional"),
                broken(
                        IMP_KEYS,
                        IMP_KEYS + "within = 1h§\n",
                        "pipeline.streams[0].within = 1h: the first stream has no parent, so no window after it; remove it"),
                broken(
                        "within = 1h",
                        "within = 0s",
                        "pipeline.streams[1].within = 0s: must be more than 0: the window after the parent"),
                broken("within = 1h", "within = 60", "pipeline.streams[1].within = 60: " + DURATION),
                broken("within = 1h", "within = -1h", "pipeline.streams[1].within = -1h: " + DURATION),
                broken("within = 1h", "within = 5us", "pipeline.streams[1].within = 5us: " + DURATION),
                broken(
                        "within = 1h",
                        "within = 9999999999999999d",
                        "pipeline.streams[1].within = 9999999999999999d: " + DURATION),
                broken("within = 1h", "within = 3651d", "pipeline.streams[1].within = 3651d: " + DURATION),
                broken("within = 1h", "within = 1 fortnight", "pipeline.streams[1].within = 1 fortnight: " + DURATION),
                broken(
                        CLICK_KEYS + "      time { field = timestamp, format = iso-8601 }",
                        CLICK_KEYS + "time { field = \"[0]\", format = iso }§§",
                        "pipeline.streams[1].time.field = [0]: is no field path: " + PATH,
                        "pipeline.streams[1].time.format = iso: must be iso-8601, epoch-seconds, epoch-millis or epoch-micros"),
                broken(
                        CLICK_KEYS + "      time { field = timestamp, format = iso-8601 }",
                        CLICK_KEYS + "time = timestamp§",
                        "pipeline.streams[1].time = timestamp: must be a block { .. }"),
                broken(
                        CLICK_KEYS,
                        CLICK_KEYS + "where { field = a..b, equal = c }§§§\n",
                        "pipeline.streams[1].where.field = a..b: is no field path: " + PATH,
                        "pipeline.streams[1].where.equals: is required: a text",
                        "pipeline.streams[1].where.equal = c: unknown key; did you mean 'equals'?"),
                broken(
                        Example.TEXT.substring(Example.TEXT.indexOf("streams = ["), Example.TEXT.indexOf("  shuffle")),
                        "streams = 7\n",
                        "pipeline.streams = 7: must be a list: [ .. ]"),
                broken(
                        Example.TEXT.substring(Example.TEXT.indexOf("streams = ["), Example.TEXT.indexOf("  shuffle")),
                        "streams = []\n",
                        "pipeline.streams = 0 streams: must be at least 2: a root, and what follows it"));
    }

    private static List<Case> forEach() {
        String index = ": must have no index into the for-each array: imp.x is field x of the event's own element";
        String keys = "key = [id, imp.id]\nevent-id = id\n";
        String indexed = """
                for-each = imp
                key = [id, "imp[0].id"]§
                event-id = "imp[1].id"§
                time { field = "imp[0].t", format = iso-8601 }§
                """;
        String time = "      time { field = timestamp, format = iso-8601 }";
        return List.of(
                broken(
                        CLICK_KEYS,
                        "for-each = \"imp[0]\"\n" + keys,
                        "pipeline.streams[1].for-each = imp[0]: must be names joined by dots, without an index: every"
                                + " array on the way is gone through"),
                broken(
                        CLICK_KEYS,
                        "for-each = imp.\n" + keys,
                        "pipeline.streams[1].for-each = imp.: is no field path: " + PATH),
                broken(
                        CLICK_KEYS,
                        "for-each = \"\"\n" + keys,
                        "pipeline.streams[1].for-each = \"\": must not be empty"),
                broken(CLICK_KEYS, "for-each = [imp]\n" + keys, "pipeline.streams[1].for-each = [imp]: must be a text"),
                broken(
                        CLICK_KEYS + time,
                        indexed,
                        "pipeline.streams[1].key = [id, imp[0].id]" + index,
                        "pipeline.streams[1].event-id = imp[1].id" + index,
                        "pipeline.streams[1].time.field = imp[0].t" + index),
                broken(
                        CLICK_KEYS,
                        "for-each = imp\nkey = id\nevent-id = [id, imps.id]§\n",
                        "pipeline.streams[1].event-id = [id, imps.id]: must have a path in the for-each array, as key has"
                                + " none: all elements of a record would count as copies of one event; for example"
                                + " [id, imp.id]"),
                broken(
                        CLICK_KEYS,
                        "for-each = imp\n" + keys + "where { field = imp.kind, equals = 1 }§\n",
                        "pipeline.streams[1].where.field = imp.kind: is in the for-each array: where chooses whole records,"
                                + " before they are split; name a field outside of imp"));
    }

    private static List<Case> formats() {
        return List.of(
                broken(
                        "{\n      name = click\n      " + CLICK_FORMAT,
                        "{\n name = click\n" + CLICKS,
                        "pipeline.streams[1].format: is required: a block { .. }"),
                format("xml", ".type = xml: must be json, avro, avro-single-object or confluent-avro"),
                format("[json]", " = [json]: must be a block { .. } or a text"),
                format("avro", ".schema: is required: a text"),
                format("{ type = json, schema = a }", ".schema = a: unknown key"),
                format("{ type = avro, schema = none.avsc }", ".schema = none.avsc: " + FILE),
                format(
                        "{ type = avro, schema = number.avsc }",
                        ".schema = number.avsc: must be the schema of a record, not of long"),
                format(
                        "{ type = avro, schema = broken.avsc }",
                        ".schema = broken.avsc: is no Avro schema: A schema \"type\" MUST be a primitive"
                                + " type or one of \"enum\", \"fixed\", \"record\", \"error\", \"array\" or \"map\"."),
                format(
                        "{ type = avro-single-object, schemas = [click.avsc, none.avsc, broken.avsc] }",
                        ".schemas = [none.avsc]: " + FILE,
                        ".schemas = [broken.avsc]: is no Avro schema: A schema \"type\" MUST be a primitive"
                                + " type or one of \"enum\", \"fixed\", \"record\", \"error\", \"array\" or \"map\"."),
                format(
                        "{ type = avro-single-object, schemas = click.avsc }",
                        ".schemas = click.avsc: must be a list of one or more texts: [a, b]"),
                format(
                        "{ type = confluent-avro }",
                        ".registry: is required: an address such as http://host:8081, without user or password in it"),
                format("{ type = confluent-avro, registry = \"host:8081\" }", ".registry = host:8081: " + ADDRESS),
                format(
                        "{ type = confluent-avro, registry = \"http://h:1\", credentials { user = \"\", pasword = x } }",
                        ".credentials.user = \"\": must not be empty",
                        ".credentials.password: is required: a text, or password-file",
                        ".credentials.pasword = (hidden): unknown key; did you mean 'password'?"));
    }

    private static List<Case> sharedTopics() {
        String shared = "raw topic 'acme.raw.clicks' carries several streams; ";
        String a = IMPRESSIONS + "\n      format = json\n      " + IMP_KEYS;
        String first = "topics = [acme.raw.clicks]\nformat = json\n" + IMP_KEYS;
        String where = "where { field = kind, equals = click }";
        String other = "where { field = kind, equals = c }";
        return List.of(
                both(
                        a,
                        first + where + "\n",
                        CLICKS + "\n",
                        CLICKS + "§\n",
                        "pipeline.streams[1].topics = [acme.raw.clicks]: " + shared
                                + "each needs a where { field, equals } to tell its events apart"),
                both(
                        a,
                        first + where + "\n",
                        CLICK_KEYS,
                        CLICK_KEYS + where + "§\n",
                        "pipeline.streams[1].where: " + shared + "another one has the same where"),
                both(
                        a,
                        first + where + "\n",
                        CLICK_KEYS,
                        CLICK_KEYS + other + "\nstart = latest§\n",
                        "pipeline.streams[1].start = latest: " + shared + "all must have the start of the first"),
                both(
                        a,
                        first.replace("json", "{ type = avro, schema = click.avsc }") + where + "\n",
                        CLICK_FORMAT + "\n      " + CLICK_KEYS,
                        CLICK_FORMAT + "§\n" + CLICK_KEYS + other + "\n",
                        "pipeline.streams[1].format = json: " + shared + "all must have the format of the first"));
    }

    private static List<Case> shuffleAndJoin() {
        return List.of(
                shuffle("partitions = 0", ": must be a whole number from 1 to 10000"),
                shuffle("partitions = 10001", ": must be a whole number from 1 to 10000"),
                shuffle("partitions = 1.5", ": must be a whole number from 1 to 10000"),
                shuffle("partitions = many", ": must be a whole number from 1 to 10000"),
                shuffle("tick-interval = 1", ": " + DURATION),
                shuffle("tick-interval = 9ms", ": must be at least 10ms: each tick is a record per partition"),
                shuffle(
                        "idle-after = 1999ms",
                        ": must be at least twice tick-interval, 2s, or a stream would count as idle"
                                + " between two ticks"),
                broken(
                        "shuffle {\n    partitions = 12",
                        "shuffle {\n    tick-interval = 16s",
                        "pipeline.shuffle.idle-after = 30s (the default): must be at least"
                                + " twice tick-interval, 32s, or a stream would count as idle between two ticks"),
                shuffle("max-skew = forever", ": " + DURATION),
                shuffle("max-record-bytes = 1000000", SIZE.formatted("1KiB", "256MiB")),
                shuffle("max-record-bytes = -1KiB", SIZE.formatted("1KiB", "256MiB")),
                shuffle("max-record-bytes = 1023B", SIZE.formatted("1KiB", "256MiB")),
                shuffle("max-record-bytes = 257MiB", SIZE.formatted("1KiB", "256MiB")),
                broken(
                        "partitions = 12",
                        "partitons = 12",
                        "pipeline.shuffle.partitons = 12: unknown key; did you mean 'partitions'?"),
                join("emit = later", ": must be eager or on-close"),
                join("lateness = -5m", ": " + DURATION),
                join("orphans = keep", ": must be drop or emit"),
                join("max-events-per-key = 0", ": must be a whole number from 1 to 2147483647"),
                join("standbys = -1", ": must be a whole number from 0 to 2147483647"),
                join("max-events-per-key = 2147483648", ": must be a whole number from 1 to 2147483647"),
                join(
                        "max-key-life = 61m",
                        ": must be more than the windows and skews of all streams together, 61m, or keys"
                                + " would be closed before their events are matched"),
                join("first-event-timeout = 1", ": " + DURATION),
                broken("skew = 1m", "skew = 1", "pipeline.join.skew = 1: " + DURATION));
    }

    private static List<Case> dimensions() {
        String field = "pipeline.output.dimensions.campaign.field";
        return List.of(
                broken(
                        CAMPAIGN,
                        "campaign = impresion.campaign",
                        field + " = impresion.campaign: there is no stream 'impresion';"
                                + " did you mean 'impression'?"),
                broken(
                        CAMPAIGN,
                        "campaign = campaign",
                        field + " = campaign: must be a stream and a field of it, joined by"
                                + " dots, for example impression.device.geo"),
                broken(
                        CAMPAIGN,
                        "campaign = impression.a..b",
                        field + " = impression.a..b: must be a stream and a field of it,"
                                + " joined by dots, for example impression.device.geo"),
                broken(CAMPAIGN, "campaign = {}", field + ": is required: a text"),
                broken(
                        CAMPAIGN,
                        "campaign = [a]",
                        "pipeline.output.dimensions.campaign = [a]: must be a block { .. } or a text"),
                broken(
                        CAMPAIGN,
                        "__time = impression.campaign",
                        "pipeline.output.dimensions.__time = impression.campaign: is the"
                                + " column that holds the row's time; choose another name"),
                broken(
                        CAMPAIGN,
                        "\"\" = impression.campaign",
                        "pipeline.output.dimensions. = impression.campaign: must have a name"),
                both(
                        ITEM,
                        ITEM.replace("lookup = items", "lookup = itms") + "§",
                        LOOKUP,
                        LOOKUP + "§",
                        "pipeline.output.dimensions.item.lookup = itms: is no lookup of output.lookups; did you mean 'items'?",
                        "pipeline.output.lookups.items: is used by no dimension or metric; use it or remove it"),
                dimension("type = int", "type = int: must be string, long, double, boolean or strings"),
                dimension("type = long, default = x", "default = x: must be a value of the dimension's type, long"),
                dimension(
                        "type = double, default = NaN",
                        "default = NaN: must be a value of the dimension's type, double"),
                dimension(
                        "type = boolean, default = yes",
                        "default = yes: must be a value of the dimension's type, boolean"),
                dimension("default = [x]", "default = [x]: must be a text"),
                dimension("on-error = drop", "on-error = drop: must be dead-letter, default or null"),
                dimension(
                        "on-error = default",
                        "on-error = default: needs a default beside it: the value to put in the bad one's place"),
                dimension("lookups = x", "lookups = x: unknown key; did you mean 'lookup'?"),
                dimension("steps = trim", "steps = trim: must be a list: [ .. ]"),
                broken(
                        "    dimensions {",
                        "    time = now\n    dimensions {",
                        "pipeline.output.time = now: must be event or root"),
                broken(
                        "    dimensions {",
                        "    transform = \"\"\n    dimensions {",
                        "pipeline.output.transform = \"\": must not be empty"));
    }

    private static List<Case> steps() {
        return List.of(
                steps("trin", "[0] = trin: must be a step: " + STEPS + "; did you mean 'trim'?"),
                steps("trim, [lower]", "[1] = [lower]: must be a block { .. } or a text"),
                steps("{ a = b }", "[0]: must be exactly one step: " + STEPS),
                steps("{ truncate = 1, default = x }", "[0]: must be exactly one step: " + STEPS),
                steps("{ truncate = 0 }", "[0].truncate = 0: must be a whole number from 1 to 2147483647"),
                steps("{ truncate = 1, x = y }", "[0].x = y: unknown key"),
                steps("{ step = [trim] }", "[0].step = [trim]: must be a text"),
                steps("{ default = [] }", "[0].default = []: must be a text"),
                steps("{ map = a }", "[0].map = a: must be a block { .. }"),
                steps("{ map { } }", "[0].map: must have at least one value: { from = to }"),
                steps("{ map { a = b }, otherwise = [c] }", "[0].otherwise = [c]: must be a text"),
                steps("{ scale = 19 }", "[0].scale = 19: must be a whole number from -18 to 18"),
                steps("{ split = \"\" }", "[0].split = \"\": must not be empty"),
                steps("{ split = \",\" }", "[0].split = ,: gives a list; set type = strings"),
                steps(
                        "{ user-agent = engine }",
                        "[0].user-agent = engine: must be browser, browser-version, os, os-version, device or brand"),
                steps("{ json = a..b }", "[0].json = a..b: is no field path: " + PATH),
                currency("{ currency = Euro, from = click.c, rates { USD = 1 } }", ".currency = Euro: " + CODE),
                currency(
                        "{ currency = EUR, from = clik.c, rates { USD = 1 } }",
                        ".from = clik.c: there is no stream 'clik'; did you mean 'click'?"),
                currency(
                        "{ currency = EUR, from = click.c, otherwise = usd, rates { USD = 1 } }",
                        ".otherwise = usd: " + CODE),
                currency("{ currency = EUR, from = click.c }", ".rates: is required: a block { .. }"),
                currency(
                        "{ currency = EUR, from = click.c, rates {} }",
                        ".rates: must be a lookup's name, or what one unit of each currency is worth:"
                                + " { USD = 0.92, GBP = 1.17 }"),
                currency(
                        "{ currency = EUR, from = click.c, rates { USD = 0 } }",
                        ".rates.USD = 0: must be more than 0: what one USD is worth"),
                currency("{ currency = EUR, from = click.c, rates { usd = 1 } }", ".rates.usd = 1: its name " + CODE),
                currency(
                        "{ currency = EUR, from = click.c, rates = itms }",
                        ".rates.lookup = itms: is no lookup of output.lookups; did you mean 'items'?"),
                steps(
                        "{ time-bucket = 0s, format = iso-8601 }",
                        "[0].time-bucket = 0s: must be more than 0: the length of a bucket"),
                steps(
                        "{ time-bucket = 1h }",
                        "[0].format: is required: iso-8601, epoch-seconds, epoch-millis or epoch-micros"),
                steps(
                        "{ time-bucket = 1h, format = x }",
                        "[0].format = x: must be iso-8601, epoch-seconds, epoch-millis or epoch-micros"));
    }

    private static List<Case> metrics() {
        String either = ": must have either value, a constant, or field, such as impression.price; not both";
        return List.of(
                metric("{ value = 1 }", ".on: is required: a text"),
                metric(
                        "{ on = clik, value = 1 }",
                        ".on = clik: there is no stream of this name; did you mean 'click'?"),
                metric("{ on = click }", either),
                metric("{ on = click, value = 1, field = click.x }", either),
                metric("{ on = click, value = one }", ".value = one: must be a number, of at most 30 digits"),
                metric("{ on = click, value = 1e99 }", ".value = 1e99: must be a number, of at most 30 digits"),
                metric(
                        "{ on = click, value = 0.5, type = long }",
                        ".value = 0.5: must be a whole number of 64 bits, as the metric's type is long"),
                metric(
                        "{ on = click, value = 1, default = 2 }",
                        ".default = 2: has no use beside value, a constant; remove it"),
                metric(
                        "{ on = click, value = 1, steps = [number] }",
                        ".steps = [number]: has no use beside value, a constant; remove it"),
                metric("{ on = click, field = bid.x }", ".field = bid.x: there is no stream 'bid'"),
                metric(
                        "{ on = impression, field = click.x }",
                        ".field = click.x: must be a field of impression or of a stream"
                                + " before it in the funnel: what comes later is not known when its row is written"),
                metric(
                        "{ on = click, field = click.x, default = x }",
                        ".default = x: must be a number, of at most 30 digits"),
                metric(
                        "{ on = click, field = click.x, type = long, default = 0.5 }",
                        ".default = 0.5: must be a whole number of" + " 64 bits, as the metric's type is long"),
                metric(
                        "{ on = click, field = click.x, type = string }",
                        ".type = string: must be long or double: metrics are sums"),
                metric(
                        "{ on = click, field = click.x, steps = [{ truncate = -1 }] }",
                        ".steps[0].truncate = -1: must be a whole" + " number from 1 to 2147483647"),
                metric(
                        "{ on = click, field = click.x, step = trim }",
                        ".step = trim: unknown key; did you mean 'steps'?"),
                metric("click.x", " = click.x: must be a block { .. }"),
                metric(
                        "{ on = click, value = 1, on-error = null }",
                        ".on-error: has no use beside value, a constant; remove it"),
                metric(
                        "{ on = click, field = click.x, on-error = default }",
                        ".on-error = default: needs a default beside it: the value to put in the bad one's place"),
                metric(
                        "{ on = click, field = click.x, steps = [{ split = \",\" }] }",
                        ".steps[0].split = ,: gives a list; set type = strings"),
                broken(
                        SPEND,
                        "item { on = click, value = 1 }",
                        "pipeline.output.metrics.item: is the name of a dimension too;"
                                + " a row has one column of each name"),
                broken(
                        Example.TEXT.substring(Example.TEXT.indexOf("output {"), Example.TEXT.indexOf("  runtime {")),
                        "output {}\n",
                        "pipeline.output: must have at least one dimension or metric, or its rows would be empty"));
    }

    private static List<Case> lookupsAndSinks() {
        String columns = "item_id, item_name, the \"price\", net";
        return List.of(
                lookup(LOOKUP.replace("type = file, ", ""), ".type: is required: file, topic or jdbc"),
                lookup(LOOKUP.replace("type = file", "type = ldap"), ".type = ldap: must be file, topic or jdbc"),
                lookup("items { type = topic }", ".topic: is required: a text"),
                lookup("items { type = topic, topic = \"a b\" }", ".topic = a b: " + TOPIC),
                lookup("items { type = topic, topic = t, key = a..b }", ".key = a..b: is no field path: " + PATH),
                lookup("items { type = topic, topic = t, value = \"[0]\" }", ".value = [0]: is no field path: " + PATH),
                lookup("items { type = topic, topic = t, every = 1m }", ".every = 1m: unknown key"),
                lookup("items { type = jdbc, query = q }", ".url: is required: a text"),
                jdbc(
                        "url = \"postgresql://h/d\", query = q",
                        ".url = (hidden): must begin with jdbc:, as" + " jdbc:postgresql://host:5432/db"),
                jdbc(
                        "url = \"jdbc:x?Password=y\", query = q",
                        ".url = (hidden): must not hold a password; set the key" + " password, from the environment"),
                jdbc("url = \"jdbc:x\", query = q, user = []", ".user = []: must be a text"),
                jdbc("url = \"jdbc:x\", query = q, password = [p]", ".password = (hidden): must be a text"),
                jdbc("url = \"jdbc:x\", query = q, every = 500ms", ".every = 500ms: must be at least 1s"),
                jdbc("url = \"jdbc:x\", query = \" \"", ".query = \" \": must not be empty"),
                jdbc(
                        "url = \"jdbc:x\", query = q, table = t",
                        ".table = t: has no use beside query, which says it all;" + " remove it"),
                jdbc(
                        "url = \"jdbc:x\"",
                        ": must have query, which gives two columns, id and name, or table, key and value"),
                jdbc(
                        "url = \"jdbc:x\", table = \"a;b\", key = k, value = v",
                        ".table = a;b: must be a name of letters,"
                                + " digits, '_' and '$', or several joined by dots; write a query for others"),
                jdbc("url = \"jdbc:x\", table = t, key = k", ".value: is required: a text"),
                lookup(LOOKUP.replace("items.csv", "none.csv"), ".path = none.csv: " + FILE),
                lookup(
                        LOOKUP.replace("items.csv", "empty.csv"),
                        ".path = empty.csv: has no columns: its first line must be a CSV"
                                + " header or a JSON object (the first line is empty)"),
                lookup(LOOKUP.replace("item_id", "id"), ".key = id: is no column of items.csv, which has: " + columns),
                lookup(
                        LOOKUP.replace("item_name", "name"),
                        ".value = name: is no column of items.csv, which has: " + columns),
                lookup(
                        LOOKUP.replace("items.csv", "items.jsonl").replace("item_name", "name"),
                        ".value = name: is no column of" + " items.jsonl, which has: item_id, item_name"),
                lookup(LOOKUP.replace("path =", "pth = x, path ="), ".pth = x: unknown key; did you mean 'path'?"),
                broken(
                        LOOKUP,
                        LOOKUP + "\nmore { type = file, path = items.csv, key = item_id, value = item_name }§",
                        "pipeline.output.lookups.more: is used by no dimension or metric; use it or remove it"),
                sink("type = tranquil", ".type = tranquil: must be druid-kafka, tranquility or topic"),
                sink("type = topic, datasource = x", ".datasource = x: unknown key"),
                sink("type = topic, format = csv", ".format = csv: must be json or avro"),
                sink(
                        "type = druid-kafka, datasource = x, format = avro",
                        ".format = avro: must be json with druid-kafka: its supervisor reads JSON rows"),
                output(
                        "sink { type = topic, format = avro }\ndimensions { a-b = impression.x§ }",
                        "dimensions.a-b = impression.x: " + AVRO),
                output("sink { type = topic, format = avro }\nrow-count = 1x§", "row-count = 1x: " + AVRO),
                output(
                        "row-count = clicks§",
                        "row-count = clicks: is the name of a dimension or a metric too; a row has one column of each name"),
                output("row-count = __time§", "row-count = __time: is the column that holds the row's time"),
                output("pre-aggregate { bucket = 0s§ }", "pre-aggregate.bucket = 0s: must be at least 1ms"),
                output(
                        "pre-aggregate { bucket = 1s, max-rows = 0§ }",
                        "pre-aggregate.max-rows = 0: must be a whole number from 1 to 1000000"),
                broken(
                        "    metrics {\n      clicks = { on = click, value = 1 }\n      " + SPEND + "\n    }",
                        "    pre-aggregate { bucket = 1s§ }",
                        "pipeline.output.pre-aggregate: has nothing to add up: declare a metric, or row-count, or the number"
                                + " of events is lost"));
    }

    private static List<Case> runtime() {
        return List.of(
                runtime("commit-interval = 9ms", ": must be from 10ms to 60s"),
                runtime("commit-interval = 61s", ": must be from 10ms to 60s"),
                runtime(
                        "commit-interval = 10s",
                        ": must be less than transaction-timeout, 10s, or the broker aborts"
                                + " transactions before they are committed"),
                runtime("commit-interval = 1", ": " + DURATION),
                runtime("state-dir = \"\"", ": must not be empty"),
                runtime("state-memory = 15MiB", SIZE.formatted("16MiB", "1024GiB")),
                runtime("session-timeout = 999ms", ": must be at least 1s"),
                runtime("transaction-timeout = 999ms", ": must be at least 1s"),
                runtime("metrics-port = 65536", ": must be a whole number from 0 to 65535"));
    }

    private static Case servers(String value) {
        return broken(
                "\"localhost:9092\"",
                '"' + value + '"',
                "pipeline.kafka.bootstrap.servers = " + value
                        + ": must be host:port, or several of them separated by commas");
    }

    private static Case owned(String property, String shownAndRule) {
        return broken(
                "  streams = [",
                "  kafka { " + property + " = x }\n  streams = [",
                "pipeline.kafka." + property + " = " + shownAndRule);
    }

    private static Case clickTopics(String value, String shown, String rule) {
        return broken(CLICKS, "topics = " + value, "pipeline.streams[1].topics = " + shown + ": " + rule);
    }

    private static Case format(String value, String... problems) {
        String[] full = Arrays.stream(problems)
                .map(p -> "pipeline.streams[1].format" + p)
                .toArray(String[]::new);
        return broken(CLICK_FORMAT, CLICKS + "\nformat = " + value + "§".repeat(full.length), full);
    }

    private static Case shuffle(String setting, String rule) {
        return broken("partitions = 12", setting, "pipeline.shuffle." + setting + rule);
    }

    private static Case join(String setting, String rule) {
        return broken("    skew = 1m", "    skew = 1m\n    " + setting + "§", "pipeline.join." + setting + rule);
    }

    private static Case runtime(String setting, String rule) {
        return broken(PORT, setting, "pipeline.runtime." + setting + rule);
    }

    private static Case dimension(String settings, String problem) {
        return broken(
                CAMPAIGN,
                "campaign { field = impression.x, " + settings + " }",
                "pipeline.output.dimensions.campaign." + problem);
    }

    private static Case steps(String steps, String problem) {
        return broken(
                CAMPAIGN,
                "campaign { field = impression.x, steps = [" + steps + "] }",
                "pipeline.output.dimensions.campaign.steps" + problem);
    }

    private static Case currency(String step, String problem) {
        return steps(step, "[0]" + problem);
    }

    private static Case metric(String metric, String problem) {
        return broken(SPEND, "spend = " + metric, "pipeline.output.metrics.spend" + problem);
    }

    private static Case lookup(String lookup, String problem) {
        return broken(LOOKUP, lookup, "pipeline.output.lookups.items" + problem);
    }

    private static Case jdbc(String settings, String problem) {
        return lookup("items { type = jdbc, " + settings + " }", problem);
    }

    private static Case output(String settings, String problem) {
        return broken("    dimensions {", "    " + settings + "\n    dimensions {", "pipeline.output." + problem);
    }

    static Case sink(String settings, String problem) {
        return broken(
                "    dimensions {",
                "    sink { " + settings + " }\n    dimensions {",
                "pipeline.output.sink" + problem);
    }

    private static Case both(String part, String broken, String other, String brokenToo, String... problems) {
        return new Case(replaceLast(Example.TEXT.replace(part, broken), other, brokenToo), List.of(problems));
    }

    private static String replaceLast(String text, String part, String replacement) {
        int at = text.lastIndexOf(part);
        return text.substring(0, at) + replacement + text.substring(at + part.length());
    }

    static Case broken(String part, String replacement, String... problems) {
        String marked = replacement.contains("§") ? replacement : mark(replacement);
        return new Case(Example.with(part, marked), List.of(problems));
    }

    private static String mark(String replacement) {
        int end = replacement.indexOf('\n');
        return end < 0 ? replacement + "§" : replacement.substring(0, end) + "§" + replacement.substring(end);
    }
}
