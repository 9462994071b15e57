package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The block {@code output.sink} of type {@code tranquility}. */
final class TranquilityBlock {
    private static final Pattern ZOOKEEPER =
            Pattern.compile("[A-Za-z0-9._-]+:\\d{1,5}(?:,[A-Za-z0-9._-]+:\\d{1,5})*(?:/[^\\s,/]+)*");
    private static final Pattern ZNODE = Pattern.compile("(?:/[^\\s/]+)+");
    private static final Pattern SERVICE = Pattern.compile("(?!.*://)\\S+");
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** What Tranquility, and the Druid of its days, know of them. */
    private static final Set<Granularity> SEGMENTS = EnumSet.of(
            Granularity.MINUTE,
            Granularity.FIVE_MINUTE,
            Granularity.TEN_MINUTE,
            Granularity.FIFTEEN_MINUTE,
            Granularity.HOUR,
            Granularity.SIX_HOUR,
            Granularity.DAY,
            Granularity.WEEK,
            Granularity.MONTH,
            Granularity.YEAR);

    private static final Set<Granularity> QUERIES = EnumSet.of(
            Granularity.NONE,
            Granularity.SECOND,
            Granularity.MINUTE,
            Granularity.FIFTEEN_MINUTE,
            Granularity.THIRTY_MINUTE,
            Granularity.HOUR,
            Granularity.DAY);

    private static final Pattern PERIOD = Pattern.compile("P(?=.)(?:\\d+D)?(?:T(?=.)(?:\\d+H)?(?:\\d+M)?(?:\\d+S)?)?");
    private static final String A_PERIOD = "must be a period such as PT10M, as Tranquility writes them";

    /** What may be passed through, and what its value looks like. */
    private static final Map<String, Rule> PROPERTIES = Map.ofEntries(
            Map.entry("task.warmingPeriod", new Rule(PERIOD, A_PERIOD)),
            Map.entry("druidBeam.firehoseGracePeriod", new Rule(PERIOD, A_PERIOD)),
            Map.entry("druidBeam.firehoseQuietPeriod", new Rule(PERIOD, A_PERIOD)),
            Map.entry("druidBeam.firehoseRetryPeriod", new Rule(PERIOD, A_PERIOD)),
            Map.entry("druidBeam.indexRetryPeriod", new Rule(PERIOD, A_PERIOD)),
            Map.entry("druidBeam.firehoseChunkSize", Rule.NUMBER),
            Map.entry("druidBeam.firehoseBufferSize", Rule.NUMBER),
            Map.entry("druidBeam.randomizeTaskId", new Rule(Pattern.compile("true|false"), "must be true or false")),
            Map.entry(
                    "druidBeam.taskLocator",
                    new Rule(Pattern.compile("curator|overlord"), "must be curator or overlord")),
            Map.entry("tranquility.maxBatchSize", Rule.NUMBER),
            Map.entry("tranquility.maxPendingBatches", Rule.NUMBER),
            Map.entry("tranquility.lingerMillis", Rule.NUMBER),
            Map.entry("zookeeper.timeout", new Rule(PERIOD, A_PERIOD)));

    private record Rule(Pattern pattern, String text) {
        static final Rule NUMBER = new Rule(Pattern.compile("[1-9]\\d{0,8}"), "must be a whole number from 1 on");
    }

    private final Setting<String> datasource;
    private final Setting<Path> pluginDir;
    private final Setting<String> zookeeper;
    private final Setting<String> discoveryPath;
    private final Setting<String> overlord;
    private final Setting<Granularity> segment;
    private final Setting<Granularity> query;
    private final Setting<Boolean> rollup;
    private final Setting<Duration> windowPeriod;
    private final Setting<Integer> partitions;
    private final Setting<Integer> replicants;
    private final Map<String, Setting<String>> properties;

    TranquilityBlock(ConfigReader in) {
        datasource = DruidBlock.datasource(in);
        // Whether it is there is for the output stage to say: the other two read this definition too, elsewhere.
        pluginDir = in.text("plugin-dir").parse(in.place().problems()::resolve, "is no path of a folder");
        zookeeper = in.text("zookeeper")
                .require(
                        z -> ZOOKEEPER.matcher(z).matches(),
                        "must be host:port, or several of them separated by commas, and perhaps a path behind the last:"
                                + " zk1:2181,zk2:2181/druid");
        discoveryPath = in.text("discovery-path")
                .require(p -> ZNODE.matcher(p).matches(), "must be a path in ZooKeeper, such as /druid/discovery");
        overlord = in.text("overlord")
                .require(
                        o -> SERVICE.matcher(o).matches(),
                        "must be the overlord's service name, such as druid/overlord, and no address: Tranquility finds it"
                                + " through ZooKeeper");
        query = known(in.choice("query-granularity", Granularity.class), QUERIES);
        Setting<Granularity> given = known(in.choice("segment-granularity", Granularity.class), SEGMENTS);
        segment = query.isPresent()
                ? given.require(
                        g -> g.compareTo(query.get()) >= 0,
                        "must not be finer than query-granularity, " + ScalarParser.name(query.get()))
                : given;
        rollup = in.flag("rollup");
        windowPeriod = in.duration("window-period")
                .require(
                        d -> d.compareTo(SECOND) >= 0 && d.toMillisPart() == 0,
                        "must be at least 1s, in whole seconds");
        partitions = in.integer("partitions", 1, 1_000);
        replicants = in.integer("replicants", 1, 100);
        properties = in.block("properties").flattened();
        properties.forEach(TranquilityBlock::check);
    }

    private static Setting<Granularity> known(Setting<Granularity> given, Set<Granularity> known) {
        return given.require(
                known::contains,
                "is none that Tranquility knows here: "
                        + known.stream().map(ScalarParser::name).collect(Collectors.joining(", ")));
    }

    private static void check(String name, Setting<String> value) {
        Rule rule = PROPERTIES.get(name);
        if (rule == null) {
            String meant = Suggestion.text(name, PROPERTIES.keySet());
            value.reject("is none that is passed through"
                    + (meant.isEmpty()
                            ? "; there are " + String.join(", ", new TreeSet<>(PROPERTIES.keySet()))
                            : meant));
        } else {
            value.require(v -> rule.pattern().matcher(v).matches(), rule.text());
        }
    }

    /** Empty if there is a mistake that is reported. */
    Optional<Sink> toSink() {
        List<Setting<?>> needed = List.of(
                datasource,
                pluginDir,
                zookeeper,
                discoveryPath,
                overlord,
                segment,
                query,
                rollup,
                windowPeriod,
                partitions,
                replicants);
        if (!needed.stream().allMatch(Setting::isPresent)) {
            return Optional.empty();
        }
        Map<String, String> passed = new TreeMap<>();
        properties.forEach((name, value) -> value.value().ifPresent(v -> passed.put(name, v)));
        return Optional.of(new Sink.Tranquility(
                datasource.get(),
                new TranquilitySettings(
                        pluginDir.get(),
                        zookeeper.get(),
                        discoveryPath.get(),
                        overlord.get(),
                        segment.get(),
                        query.get(),
                        rollup.get(),
                        windowPeriod.get(),
                        partitions.get(),
                        replicants.get(),
                        passed)));
    }
}
