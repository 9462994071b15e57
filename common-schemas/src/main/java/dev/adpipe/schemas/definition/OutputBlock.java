package dev.adpipe.schemas.definition;

import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Lookup;
import dev.adpipe.schemas.definition.OutputSettings.Metric;
import dev.adpipe.schemas.definition.OutputSettings.RowFormat;
import dev.adpipe.schemas.definition.OutputSettings.RowTime;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The block {@code output}: reads its parts and checks what concerns several of them. */
final class OutputBlock {
    private static final String TIME_COLUMN = "__time";
    private static final Pattern AVRO_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final String AVRO_RULE =
            "is no name in Avro, which sink.format = avro needs: letters, digits and '_', the first no digit";

    private final Setting<RowTime> time;
    private final Setting<String> transform;
    private final List<DimensionBlock> dimensions = new ArrayList<>();
    private final List<MetricBlock> metrics = new ArrayList<>();
    private final Map<String, LookupBlock> lookups = new LinkedHashMap<>();
    private final Setting<String> rowCount;
    private final Optional<PreAggregateBlock> preAggregate;
    private final Setting<Sink> sink;

    /**
     * @param streams their names, in funnel order; empty if they are not known for a mistake
     */
    OutputBlock(ConfigReader in, Optional<List<String>> streams) {
        time = in.choice("time", RowTime.class);
        transform = in.ifGiven("transform", in::text);
        in.block("lookups")
                .named(Reference.each("lookup"), "")
                .forEach((name, block) -> lookups.put(name, new LookupBlock(block)));
        ConfigReader dimensionTable = in.block("dimensions");
        ConfigReader metricTable = in.block("metrics");
        Map<String, ConfigReader> dimensionReaders = dimensionTable.named(Reference.each("dimension"), "field");
        Map<String, ConfigReader> metricReaders = metricTable.named(Reference.each("metric"), "");
        dimensionReaders.forEach((name, block) -> dimensions.add(new DimensionBlock(name, block, streams)));
        metricReaders.forEach((name, block) -> metrics.add(new MetricBlock(name, block, streams)));
        rowCount = in.ifGiven("row-count", in::text)
                .require(
                        name -> !dimensionReaders.containsKey(name) && !metricReaders.containsKey(name),
                        "is the name of a dimension or a metric too; a row has one column of each name")
                .require(name -> !name.equals(TIME_COLUMN), "is the column that holds the row's time");
        preAggregate = in.has("pre-aggregate")
                ? Optional.of(new PreAggregateBlock(in.block("pre-aggregate", Reference.each("pre-aggregate"))))
                : Optional.empty();
        if (metricReaders.isEmpty() && !in.has("row-count") && in.has("pre-aggregate") && !metricTable.isSilent()) {
            in.at("pre-aggregate")
                    .reject("has nothing to add up: declare a metric, or row-count, or the number of events is lost");
        }
        sink = SinkReader.read(in.block("sink"));
        if (in.has("pre-aggregate") && sink.is(Sink.Tranquility.class::isInstance)) {
            in.at("pre-aggregate")
                    .reject("has no use with the sink tranquility, which must know what becomes of each row");
        }
        in.finish();
        if (dimensionReaders.isEmpty()
                && metricReaders.isEmpty()
                && !dimensionTable.isSilent()
                && !metricTable.isSilent()) {
            in.place().reject("must have at least one dimension or metric, or its rows would be empty");
        }
        checkColumns(dimensionReaders, metricReaders);
        if (sink.is(s -> s instanceof Sink.Topic topic && topic.format() == RowFormat.AVRO)) {
            dimensionReaders.forEach(OutputBlock::checkAvroName);
            metricReaders.forEach(OutputBlock::checkAvroName);
            rowCount.require(name -> AVRO_NAME.matcher(name).matches(), AVRO_RULE);
        }
        checkLookups();
    }

    private static void checkColumns(Map<String, ConfigReader> dimensions, Map<String, ConfigReader> metrics) {
        dimensions.forEach(OutputBlock::checkName);
        metrics.forEach(OutputBlock::checkName);
        metrics.forEach((name, metric) -> {
            if (dimensions.containsKey(name)) {
                metric.place().reject("is the name of a dimension too; a row has one column of each name");
            }
        });
    }

    private static void checkAvroName(String name, ConfigReader column) {
        if (!AVRO_NAME.matcher(name).matches()) {
            column.place().reject(AVRO_RULE);
        }
    }

    private static void checkName(String name, ConfigReader column) {
        if (name.isBlank()) {
            column.place().reject("must have a name");
        }
        if (name.equals(TIME_COLUMN)) {
            column.place().reject("is the column that holds the row's time; choose another name");
        }
    }

    private void checkLookups() {
        Map<String, LookupBlock> unused = new LinkedHashMap<>(lookups);
        List<Setting<String>> used = new ArrayList<>();
        dimensions.forEach(dimension -> used.addAll(dimension.lookups()));
        metrics.forEach(metric -> used.addAll(metric.lookups()));
        for (Setting<String> lookup : used) {
            lookup.value().ifPresent(unused::remove);
            lookup.require(
                    lookups::containsKey,
                    "is no lookup of output.lookups"
                            + lookup.value()
                                    .map(l -> Suggestion.text(l, lookups.keySet()))
                                    .orElse(""));
        }
        unused.values().forEach(l -> l.place().reject("is used by no dimension or metric; use it or remove it"));
    }

    OutputSettings toSettings() {
        List<Dimension> columns =
                dimensions.stream().map(DimensionBlock::toDimension).toList();
        List<Metric> sums = metrics.stream().map(MetricBlock::toMetric).toList();
        Map<String, Lookup> tables = new LinkedHashMap<>();
        lookups.forEach((name, lookup) -> tables.put(name, lookup.toLookup()));
        return new OutputSettings(
                time.get(),
                columns,
                sums,
                tables,
                transform.value(),
                rowCount.value(),
                preAggregate.map(PreAggregateBlock::toSettings),
                sink.get());
    }
}
