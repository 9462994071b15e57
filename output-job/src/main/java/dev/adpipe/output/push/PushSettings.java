package dev.adpipe.output.push;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where to push, and what the rows are.
 *
 * @param zookeeper          {@code host:port,host:port/path}
 * @param discoveryPath      where Druid's nodes announce themselves there
 * @param overlord           the overlord's service name
 * @param segmentGranularity in Druid's words, such as {@code FIVE_MINUTE}; the query granularity likewise
 * @param timeColumn         the field of a row that holds its time, in ISO-8601
 * @param longMetrics        names of the metrics that are whole numbers
 * @param doubleMetrics      names of the others
 * @param properties         checked, by the names of Tranquility's own configuration
 */
public record PushSettings(
        String datasource,
        String zookeeper,
        String discoveryPath,
        String overlord,
        String segmentGranularity,
        String queryGranularity,
        boolean rollup,
        Duration windowPeriod,
        int partitions,
        int replicants,
        String timeColumn,
        List<String> dimensions,
        List<String> longMetrics,
        List<String> doubleMetrics,
        Map<String, String> properties) {

    public PushSettings {
        dimensions = List.copyOf(dimensions);
        longMetrics = List.copyOf(longMetrics);
        doubleMetrics = List.copyOf(doubleMetrics);
        properties = Map.copyOf(properties);
    }
}
