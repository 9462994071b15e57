package dev.adpipe.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a definition in Druid's words. */
class SupervisorSpecTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECURE = """
            security.protocol = SASL_SSL
            sasl.mechanism = PLAIN
            sasl.jaas.config = "m.Login required username=u password=pa55word;"
            linger.ms = 5
            """;

    /** With nothing but the defaults. */
    private static final String GOLDEN = """
            {
              "type": "kafka",
              "spec": {
                "dataSchema": {
                  "dataSource": "acme_ads",
                  "timestampSpec": {"column": "__time", "format": "iso"},
                  "dimensionsSpec": {"dimensions": [
                    {"type": "string", "name": "campaign"},
                    {"type": "long", "name": "position"},
                    {"type": "double", "name": "score"},
                    {"type": "string", "name": "mobile"},
                    {"type": "string", "name": "segments", "multiValueHandling": "SORTED_ARRAY"}
                  ]},
                  "metricsSpec": [
                    {"type": "longSum", "name": "impressions", "fieldName": "impressions"},
                    {"type": "doubleSum", "name": "spend", "fieldName": "spend"}
                  ],
                  "granularitySpec": {
                    "type": "uniform", "segmentGranularity": "HOUR", "queryGranularity": "MINUTE", "rollup": true
                  }
                },
                "ioConfig": {
                  "type": "kafka",
                  "topic": "acme.ads.rows",
                  "inputFormat": {"type": "json"},
                  "consumerProperties": {
                    "bootstrap.servers": "kafka-1:9092,kafka-2:9092", "isolation.level": "read_committed"
                  },
                  "useEarliestOffset": true,
                  "taskCount": 1,
                  "replicas": 1,
                  "taskDuration": "PT3600S"
                },
                "tuningConfig": {
                  "type": "kafka", "logParseExceptions": true, "maxSavedParseExceptions": 10,
                  "resetOffsetAutomatically": false
                }
              }
            }
            """;

    @TempDir
    private Path folder;

    private SupervisorSpec spec(String kafka, String sink) {
        return SupervisorSpec.of(Definitions.load(folder, kafka, sink)).orElseThrow();
    }

    @Test
    void followsFromTheDefinition() throws Exception {
        ObjectNode json = spec("linger.ms = 5", "").json();

        assertThat(json.path("context").path("adpipe").path("pipeline").asText())
                .isEqualTo("acme.ads");
        json.remove("context");
        assertThat(json).isEqualTo(JSON.readTree(GOLDEN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "segment-granularity = six-hour | /spec/dataSchema/granularitySpec/segmentGranularity | \"SIX_HOUR\"",
                "query-granularity = none | /spec/dataSchema/granularitySpec/queryGranularity | {\"type\":\"none\"}",
                "query-granularity = five-minute | /spec/dataSchema/granularitySpec/queryGranularity | \"FIVE_MINUTE\"",
                "rollup = false | /spec/dataSchema/granularitySpec/rollup | false",
                "task-count = 3 | /spec/ioConfig/taskCount | 3",
                "replicas = 2 | /spec/ioConfig/replicas | 2",
                "task-duration = 90s | /spec/ioConfig/taskDuration | \"PT90S\"",
                "kafka { receive.buffer.bytes = 7 } | /spec/ioConfig/consumerProperties/receive.buffer.bytes | \"7\"",
                "tuning { indexSpec { bitmap { type = roaring } } } | /spec/tuningConfig/indexSpec/bitmap/type | \"roaring\"",
                "tuning { logParseExceptions = false } | /spec/tuningConfig/logParseExceptions | false",
                "io { idleConfig { enabled = true } } | /spec/ioConfig/idleConfig/enabled | true",
            })
    void eachKeyOfTheSinkArrives(String setting, String pointer, String expected) throws Exception {
        assertThat(spec("", setting).json().at(pointer)).isEqualTo(JSON.readTree(expected));
    }

    @Test
    void consumersGetTheSecurityOfThePipelineAndWhatIsGivenForThemPrevails() throws IOException {
        Files.writeString(folder.resolve("a.p12"), "");
        JsonNode consumer = spec(
                        SECURE + "ssl.truststore.location = a.p12",
                        "kafka { ssl.truststore.location = \"/there/a.p12\", bootstrap.servers = \"inside:9\" }")
                .json()
                .at("/spec/ioConfig/consumerProperties");

        assertThat(consumer.properties().stream()
                        .map(p -> p.getKey() + "=" + p.getValue().asText()))
                .containsExactly(
                        "bootstrap.servers=inside:9",
                        "isolation.level=read_committed",
                        "sasl.jaas.config=m.Login required username=u password=pa55word;",
                        "sasl.mechanism=PLAIN",
                        "security.protocol=SASL_SSL",
                        "ssl.truststore.location=/there/a.p12");
    }

    @Test
    void secretsAreSentAndNotPrinted() {
        SupervisorSpec spec = spec(SECURE, "kafka { ssl.keystore.password = s3cretkey }");

        assertThat(spec.json().toString()).contains("pa55word", "s3cretkey");
        assertThat(spec.toString()).doesNotContain("pa55word", "s3cretkey").contains("(hidden)", "SASL_SSL");
        assertThat(spec.withoutSecrets("cannot use s3cretkey or m.Login required username=u password=pa55word;!"))
                .isEqualTo("cannot use (hidden) or (hidden)!");
        // Whoever knows all but the secret could try secrets on a digest of it.
        assertThat(digest(spec)).isEqualTo(digest(spec(SECURE, "kafka { ssl.keystore.password = other }")));
    }

    private static String digest(SupervisorSpec spec) {
        return spec.json().at("/context/adpipe/digest").asText();
    }

    @Test
    void aReplayFillsADatasourceOfItsOwnFromATopicOfItsOwn() {
        ObjectNode json = SupervisorSpec.of(Definitions.load(folder, "", "").replay("fix"))
                .orElseThrow()
                .json();

        assertThat(json.at("/spec/dataSchema/dataSource").asText()).isEqualTo("acme_ads-replay-fix");
        assertThat(json.at("/spec/ioConfig/topic").asText()).isEqualTo("acme.ads-replay-fix.rows");
    }

    @Test
    void isTheSameAsWhatDruidMadeOfIt() {
        SupervisorSpec spec = spec(SECURE, "tuning { maxRowsInMemory = 5 }");

        assertThat(spec.isSameAs(inDruid(spec))).isTrue();
        ObjectNode masked = inDruid(spec);
        ((ObjectNode) masked.at("/spec/ioConfig/consumerProperties")).put("sasl.jaas.config", "*****");
        assertThat(spec.isSameAs(masked)).as("a masked secret").isTrue();
    }

    /** With defaults of Druid's own. */
    private static ObjectNode inDruid(SupervisorSpec spec) {
        ObjectNode json = spec.json();
        ((ObjectNode) json.at("/spec/ioConfig")).put("pollTimeout", 100).put("stream", "acme.ads.rows");
        StreamSupport.stream(
                        json.at("/spec/dataSchema/dimensionsSpec/dimensions").spliterator(), false)
                .forEach(d -> ((ObjectNode) d).put("createBitmapIndex", true));
        return json;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/ioConfig | useEarliestOffset | false",
                "/spec/ioConfig/consumerProperties | isolation.level | read_uncommitted",
                "/spec/ioConfig/consumerProperties | sasl.jaas.config | other",
                "/spec/dataSchema/granularitySpec | rollup | false",
                "/spec/dataSchema/dimensionsSpec/dimensions/0 | name | x",
                "/context/adpipe | digest | 0",
            })
    void isNotTheSameIfSomebodyChangedItInDruid(String block, String key, String value) {
        SupervisorSpec spec = spec(SECURE, "");
        ObjectNode changed = inDruid(spec);
        ((ObjectNode) changed.at(block)).put(key, value);

        assertThat(spec.isSameAs(changed)).isFalse();
    }

    @Test
    void isNotTheSameIfAKeyWasTakenOutOfTheDefinition() {
        ObjectNode before = inDruid(spec("", "tuning { maxRowsInMemory = 5 }"));

        assertThat(spec("", "").isSameAs(before)).isFalse();
    }

    @Test
    void tasksMayBeScaledByDruid() {
        SupervisorSpec spec = spec("", "io { autoScalerConfig { enableTaskAutoScaler = true } }");
        ObjectNode scaled = inDruid(spec);
        ((ObjectNode) scaled.at("/spec/ioConfig")).put("taskCount", 7);

        assertThat(spec.isSameAs(scaled)).isTrue();
    }
}
