package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adpipe.schemas.definition.DruidSettings;
import dev.adpipe.schemas.definition.DruidSettings.Granularity;
import dev.adpipe.schemas.definition.OutputSettings.Dimension;
import dev.adpipe.schemas.definition.OutputSettings.Sink;
import dev.adpipe.schemas.definition.OutputSettings.ValueType;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The specification of the Druid supervisor that reads a pipeline's rows: what the definition says, in Druid's words. Each
 * value is written as Druid itself would print it, so that the two can be compared.
 *
 * <p>Immutable; nodes that are given out are copies.
 */
public final class SupervisorSpec {
    private static final String TIME = "__time";
    private static final String CONTEXT = "context";
    private static final String ADPIPE = "adpipe";
    private static final int DIGEST_DIGITS = 16;
    private static final List<String> DERIVED_IO = List.of(
            "topic", "inputFormat", "consumerProperties", "useEarliestOffset", "taskCount", "replicas", "taskDuration");
    private static final String HIDDEN = "(hidden)";
    private static final List<String> SECURITY = List.of("security.", "ssl.", "sasl.");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final String datasource;
    private final Map<String, String> consumer;
    private final ObjectNode json;

    private SupervisorSpec(PipelineDefinition definition, Sink.DruidKafka sink) {
        this.datasource = sink.datasource();
        this.consumer = consumer(definition.kafka(), sink.druid().consumer());
        this.json = JsonNodeFactory.instance.objectNode();
        json.put("type", "kafka");
        ObjectNode spec = json.putObject("spec");
        spec.set("dataSchema", dataSchema(definition, sink));
        spec.set("ioConfig", io(definition, sink.druid()));
        spec.set("tuningConfig", tuning(sink.druid()));
        ObjectNode own = json.putObject(CONTEXT).putObject(ADPIPE);
        own.put("pipeline", definition.topics().prefix());
        own.put("digest", digest());
    }

    /** Of what is printed: a digest of the secrets would help whoever guesses at them. */
    private String digest() {
        try {
            byte[] text = JSON.writeValueAsBytes(printable());
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text))
                    .substring(0, DIGEST_DIGITS);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty if the pipeline's rows do not go to Druid this way. */
    public static Optional<SupervisorSpec> of(PipelineDefinition definition) {
        return definition.output().sink() instanceof Sink.DruidKafka sink
                ? Optional.of(new SupervisorSpec(definition, sink))
                : Optional.empty();
    }

    /** The supervisor's id, too. */
    public String datasource() {
        return datasource;
    }

    /** As it is sent, with the secrets of the consumer's properties. */
    public ObjectNode json() {
        return json.deepCopy();
    }

    /** As it may be printed: secrets are hidden. */
    public ObjectNode printable() {
        ObjectNode shown = json();
        ObjectNode properties = (ObjectNode) shown.path("spec").path("ioConfig").path("consumerProperties");
        consumer.keySet().stream()
                .filter(DruidSettings::isSecretProperty)
                .forEach(name -> properties.put(name, HIDDEN));
        return shown;
    }

    /**
     * Whether Druid runs this very specification. The digest tells of what is not there any more, such as a tuning key that
     * was removed; the values tell of what somebody else has changed in Druid.
     *
     * @param druid the specification as Druid has it, with all its defaults
     */
    boolean isSameAs(JsonNode druid) {
        JsonNode ours = json.path(CONTEXT).path(ADPIPE).path("digest");
        if (!ours.equals(druid.path(CONTEXT).path(ADPIPE).path("digest"))) {
            return false;
        }
        ObjectNode io = (ObjectNode) json().path("spec").path("ioConfig");
        if (io.has("autoScalerConfig")) {
            io.remove("taskCount");
        }
        JsonNode theirs = druid.path("spec");
        return SpecDifference.holds(json.path("spec").path("dataSchema"), theirs.path("dataSchema"))
                && DERIVED_IO.stream()
                        .allMatch(key -> SpecDifference.holds(
                                io.path(key), theirs.path("ioConfig").path(key)));
    }

    /** Replaces the secrets in what somebody else wrote, such as Druid's answer to a specification that it refuses. */
    public String withoutSecrets(String text) {
        String clean = text;
        for (Map.Entry<String, String> property : consumer.entrySet()) {
            if (DruidSettings.isSecretProperty(property.getKey())
                    && !property.getValue().isEmpty()) {
                clean = clean.replace(property.getValue(), HIDDEN);
            }
        }
        return clean;
    }

    private static ObjectNode dataSchema(PipelineDefinition definition, Sink.DruidKafka sink) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("dataSource", sink.datasource());
        schema.putObject("timestampSpec").put("column", TIME).put("format", "iso");
        ArrayNode dimensions = schema.putObject("dimensionsSpec").putArray("dimensions");
        definition.output().dimensions().forEach(dimension -> dimensions.add(dimension(dimension)));
        ArrayNode metrics = schema.putArray("metricsSpec");
        definition.output().metrics().forEach(metric -> metrics.add(sum(metric.name(), metric.type())));
        definition.output().rowCount().ifPresent(name -> metrics.add(sum(name, ValueType.LONG)));
        ObjectNode granularity = schema.putObject("granularitySpec");
        granularity.put("type", "uniform");
        granularity.set("segmentGranularity", granularity(sink.druid().segmentGranularity()));
        granularity.set("queryGranularity", granularity(sink.druid().queryGranularity()));
        granularity.put("rollup", sink.druid().rollup());
        return schema;
    }

    /** Rows carry booleans as JSON has them, and Druid makes true and false of these in a string column. */
    private static ObjectNode dimension(Dimension dimension) {
        String type = switch (dimension.type()) {
            case STRING, STRINGS, BOOLEAN -> "string";
            case LONG -> "long";
            case DOUBLE -> "double";
        };
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("type", type).put("name", dimension.name());
        // Rows with the same values in another order are rolled up together.
        return dimension.type() == ValueType.STRINGS ? json.put("multiValueHandling", "SORTED_ARRAY") : json;
    }

    private static ObjectNode sum(String name, ValueType type) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type == ValueType.LONG ? "longSum" : "doubleSum")
                .put("name", name)
                .put("fieldName", name);
    }

    private static JsonNode granularity(Granularity granularity) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return granularity == Granularity.NONE
                ? nodes.objectNode().put("type", "none")
                : nodes.textNode(granularity.name());
    }

    private ObjectNode io(PipelineDefinition definition, DruidSettings druid) {
        ObjectNode io = JSON.valueToTree(druid.io());
        io.put("type", "kafka");
        io.put("topic", definition.topics().rows());
        io.putObject("inputFormat").put("type", "json");
        io.set("consumerProperties", JSON.valueToTree(consumer));
        // A new datasource begins with the first row there is, not with the first one after the supervisor's start.
        io.put("useEarliestOffset", true);
        io.put("taskCount", druid.taskCount());
        io.put("replicas", druid.replicas());
        io.put("taskDuration", "PT" + druid.taskDuration().toSeconds() + "S");
        return io;
    }

    /** Rows that Druid could not parse would be dropped; what they are is to be seen in its log and in its status. */
    private static ObjectNode tuning(DruidSettings druid) {
        ObjectNode tuning = JsonNodeFactory.instance.objectNode();
        tuning.put("type", "kafka");
        tuning.put("logParseExceptions", true);
        tuning.put("maxSavedParseExceptions", 10);
        tuning.setAll((ObjectNode) JSON.valueToTree(druid.tuning()));
        tuning.put("resetOffsetAutomatically", false);
        return tuning;
    }

    /** Where Kafka is and how to be let in, from the pipeline's clients; not their other properties. */
    private static Map<String, String> consumer(Map<String, String> pipeline, Map<String, String> druid) {
        Map<String, String> properties = new TreeMap<>();
        pipeline.forEach((name, value) -> {
            if (name.equals("bootstrap.servers") || SECURITY.stream().anyMatch(name::startsWith)) {
                properties.put(name, value);
            }
        });
        properties.putAll(druid);
        properties.put("isolation.level", "read_committed");
        return properties;
    }

    /** For people; with the secrets hidden. */
    @Override
    public String toString() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(printable());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
