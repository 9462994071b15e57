package dev.adpipe.schemas.definition;

import static dev.adpipe.schemas.definition.BrokenDefinitions.sink;

import dev.adpipe.schemas.definition.BrokenDefinitions.Case;
import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.SettingsTest.Setup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Sinks of type {@code tranquility}, right and wrong. */
final class TranquilityDefinitions {
    private static final String TRANQUILITY =
            "type = tranquility, datasource = d, plugin-dir = jars, zookeeper = \"z:2181\"";
    private static final String ZOOKEEPER =
            ": must be host:port, or several of them separated by commas, and perhaps a path"
                    + " behind the last: zk1:2181,zk2:2181/druid";
    private static final String SECONDS = ": must be at least 1s, in whole seconds";

    private TranquilityDefinitions() {}

    static List<Case> broken() {
        return List.of(
                sink(TRANQUILITY.replace(" datasource = d,", ""), ".datasource: is required: a text"),
                sink(TRANQUILITY.replace(" plugin-dir = jars,", ""), ".plugin-dir: is required: a text"),
                sink(TRANQUILITY.replace("jars", "\"\""), ".plugin-dir = \"\": must not be empty"),
                BrokenDefinitions.broken(
                        "    dimensions {",
                        "    sink { " + TRANQUILITY + " }\n    pre-aggregate { bucket = 1s }§\n    dimensions {",
                        "pipeline.output.pre-aggregate: has no use with the sink tranquility, which must know what becomes of"
                                + " each row"),
                sink("type = tranquility, datasource = d, plugin-dir = jars", ".zookeeper: is required: a text"),
                sink(TRANQUILITY.replace("z:2181", "z"), ".zookeeper = z" + ZOOKEEPER),
                sink(TRANQUILITY.replace("z:2181", "z:1, y:2"), ".zookeeper = z:1, y:2" + ZOOKEEPER),
                more("discovery-path = druid", "druid: must be a path in ZooKeeper, such as /druid/discovery"),
                more(
                        "overlord = \"http://o:8081\"",
                        "http://o:8081: must be the overlord's service name, such as druid/overlord, and no address:"
                                + " Tranquility finds it through ZooKeeper"),
                more(
                        "segment-granularity = thirty-minute",
                        "thirty-minute: is none that Tranquility knows here: minute, five-minute, ten-minute,"
                                + " fifteen-minute, hour, six-hour, day, week, month, year"),
                more(
                        "segment-granularity = second",
                        "second: is none that Tranquility knows here: minute, five-minute,"
                                + " ten-minute, fifteen-minute, hour, six-hour, day, week, month, year"),
                sink(
                        TRANQUILITY + ", query-granularity = day",
                        ".segment-granularity = hour (the default): must not be finer than query-granularity, day"),
                more(
                        "query-granularity = week",
                        "week: is none that Tranquility knows here: none, second, minute, fifteen-minute, thirty-minute,"
                                + " hour, day"),
                more("rollup = 1", "1: must be true or false"),
                more("window-period = 999ms", "999ms" + SECONDS),
                more("window-period = 1500ms", "1500ms" + SECONDS),
                more("partitions = 0", "0: must be a whole number from 1 to 1000"),
                more("replicants = 0", "0: must be a whole number from 1 to 100"),
                sink(TRANQUILITY + ", window = 1m", ".window = 1m: unknown key"),
                more(
                        "properties.druidBeam.indexRetryPeriod = 1m",
                        "1m: must be a period such as PT10M, as Tranquility" + " writes them"),
                more("properties.druidBeam.taskLocator = zk", "zk: must be curator or overlord"),
                more("properties.druidBeam.randomizeTaskId = yes", "yes: must be true or false"),
                more("properties.tranquility.maxBatchSize = 0", "0: must be a whole number from 1 on"),
                more(
                        "properties.tranquility.maxBatch = 1",
                        "1: is none that is passed through; did you mean" + " 'tranquility.maxBatchSize'?"),
                more(
                        "properties.x = 1",
                        "1: is none that is passed through; there are druidBeam.firehoseBufferSize,"
                                + " druidBeam.firehoseChunkSize, druidBeam.firehoseGracePeriod,"
                                + " druidBeam.firehoseQuietPeriod, druidBeam.firehoseRetryPeriod,"
                                + " druidBeam.indexRetryPeriod, druidBeam.randomizeTaskId, druidBeam.taskLocator,"
                                + " task.warmingPeriod, tranquility.lingerMillis, tranquility.maxBatchSize,"
                                + " tranquility.maxPendingBatches, zookeeper.timeout"));
    }

    private static Case more(String setting, String problem) {
        return sink(TRANQUILITY + ", " + setting, "." + setting.substring(0, setting.indexOf(" = ")) + " = " + problem);
    }

    static List<Setup> settings() {
        return List.of(
                set("datasource", "x", (s, f) -> s.datasource(), "x"),
                set(
                        "plugin-dir",
                        "p/q",
                        (s, f) -> f.relativize(s.tranquility().pluginDir()).toString(),
                        "p/q"),
                set("zookeeper", "\"a:1,b:2/c\"", (s, f) -> s.tranquility().zookeeper(), "a:1,b:2/c"),
                set("discovery-path", "/a/b", (s, f) -> s.tranquility().discoveryPath(), "/a/b"),
                set("overlord", "\"o:x\"", (s, f) -> s.tranquility().overlord(), "o:x"),
                set(
                        "segment-granularity",
                        "six-hour",
                        (s, f) -> s.tranquility().segmentGranularity(),
                        Granularity.SIX_HOUR),
                set("query-granularity", "none", (s, f) -> s.tranquility().queryGranularity(), Granularity.NONE),
                set("rollup", "false", (s, f) -> s.tranquility().rollup(), false),
                set("window-period", "1h", (s, f) -> s.tranquility().windowPeriod(), Duration.ofHours(1)),
                set("partitions", "3", (s, f) -> s.tranquility().partitions(), 3),
                set("replicants", "2", (s, f) -> s.tranquility().replicants(), 2),
                set(
                        "properties",
                        "{ druidBeam { firehoseGracePeriod = PT10S, firehoseChunkSize = 7 } }",
                        (s, f) -> s.tranquility().properties(),
                        Map.of("druidBeam.firehoseGracePeriod", "PT10S", "druidBeam.firehoseChunkSize", "7")));
    }

    private static Setup set(
            String key, String value, BiFunction<Sink.Tranquility, Path, Object> read, Object expected) {
        return new Setup(
                "pipeline.output.sink." + key,
                Example.TEXT + "pipeline.output.sink { " + TRANQUILITY + " }\npipeline.output.sink." + key + " = "
                        + value + "\n",
                (d, folder) -> read.apply((Sink.Tranquility) d.output().sink(), folder),
                expected);
    }
}
