package dev.adpipe.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The demo's datasource in Druid: what is asked, and what the answers say. Pure. */
final class DruidTable {
    private final String datasource;
    private final List<Metric> metrics;

    DruidTable(PipelineDefinition definition) {
        this.datasource = ((Sink.DruidKafka) definition.output().sink()).datasource();
        this.metrics = Arrays.stream(Metric.values())
                .filter(metric -> definition.output().metrics().stream()
                        .anyMatch(m -> m.name().equals(metric.column())))
                .toList();
    }

    /** All metrics, added up by campaign. */
    String sql() {
        return "SELECT campaign, "
                + metrics.stream()
                        .map(Metric::column)
                        .map(column -> "SUM(" + column + ") AS " + column)
                        .collect(Collectors.joining(", "))
                + " FROM " + datasource + " GROUP BY campaign";
    }

    /** The rows of the answer to {@link #sql}, by campaign. */
    Map<String, Sums> sums(List<JsonNode> rows) {
        Map<String, Sums> campaigns = new TreeMap<>();
        for (JsonNode row : rows) {
            Map<Metric, Long> values = new EnumMap<>(Metric.class);
            for (Metric metric : metrics) {
                values.put(metric, Math.round(row.path(metric.column()).asDouble() * metric.scale()));
            }
            campaigns.put(row.path("campaign").asText("none"), new Sums(values));
        }
        return campaigns;
    }

    /** How a person asks it, in lines that fit a narrow terminal. */
    List<String> curl(URI sqlUrl) {
        return List.of(
                "  curl -s " + sqlUrl.getAuthority() + sqlUrl.getPath() + " -H content-type:application/json -d '{",
                "    \"query\": \"SELECT campaign, SUM(clicks) AS clicks FROM " + datasource + " GROUP BY 1\",",
                "    \"resultFormat\": \"csv\", \"header\": true}'");
    }
}
