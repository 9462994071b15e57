package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How rows are pushed with Tranquility; the rest of {@code sink { type = tranquility }}.
 *
 * @param pluginDir     the folder of jars that the module {@code tranquility-sink} makes
 * @param zookeeper     Druid's, as a ZooKeeper client wants it: {@code host:port,host:port/path}
 * @param discoveryPath where Druid's nodes announce themselves there
 * @param overlord      the overlord's service name, by which it is found there
 * @param windowPeriod  Druid takes rows whose time is at most so far from the clock, in whole segments
 * @param partitions    tasks that share a segment
 * @param replicants    copies of each of these tasks
 * @param properties    by the names that Tranquility's own configuration has
 */
public record TranquilitySettings(
        Path pluginDir,
        String zookeeper,
        String discoveryPath,
        String overlord,
        Granularity segmentGranularity,
        Granularity queryGranularity,
        boolean rollup,
        Duration windowPeriod,
        int partitions,
        int replicants,
        Map<String, String> properties) {

    public TranquilitySettings {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }
}
