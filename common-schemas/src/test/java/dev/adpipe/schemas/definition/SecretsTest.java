package dev.adpipe.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of the environment, and what must not be printed. */
class SecretsTest {
    private static final String SECRET = "tops3cret";

    @TempDir
    private Path folder;

    @Test
    void variablesAreSubstitutedAndOptionalOnesMayBeAbsent() throws IOException {
        String text = Example.with(
                        "partitions = 12",
                        "partitions = 12\npartitions = ${?N}\ntick-interval = 2s\n" + "tick-interval = ${?ABSENT}")
                .replace("customer = acme", "customer = ${CUSTOMER}-x");
        PipelineDefinition definition =
                DefinitionLoader.load(Example.write(folder, text), Map.of("N", "3", "CUSTOMER", "acme"));
        assertThat(definition.shuffle().partitions()).isEqualTo(3);
        assertThat(definition.shuffle().tickInterval()).hasSeconds(2);
        assertThat(definition.customer()).isEqualTo("acme-x");
    }

    @Test
    void everyUnresolvedSubstitutionIsAProblemOfItsOwnLineBesideOthers() throws IOException {
        String text = Example.with("customer = acme", "customer = ${WHO}")
                .replace("\"localhost:9092\"", "${HOST}\":9092\"")
                .replace("[acme.raw.clicks]", "[${TOPIC}]")
                .replace("partitions = 12", "partitions = 0");
        Path file = Example.write(folder, text);
        assertThat(BrokenDefinitionTest.problems(file, Map.of()))
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":2: " + unresolved("WHO"),
                        file + ":4: " + unresolved("HOST"),
                        file + ":16: " + unresolved("TOPIC"),
                        file + ":25: pipeline.shuffle.partitions = 0: must be a whole number from 1 to 10000");
    }

    @Test
    void aValueOfTheEnvironmentIsHiddenAndHasTheLineOfItsSubstitution() throws IOException {
        String text = Example.with("partitions = 12", "partitions = ${N}")
                .replace("customer = acme", "customer = a_${N}")
                .replace("[acme.raw.clicks]", "[${N}]");
        Path file = Example.write(folder, text);
        assertThat(BrokenDefinitionTest.problems(file, Map.of("N", "!" + SECRET)))
                .extracting(Problem::toString)
                .containsExactly(
                        file + ":2: pipeline.customer = (hidden): " + BrokenDefinitions.NAME,
                        file
                                + ":16: pipeline.streams[1].topics = [(hidden)]: '(hidden)' is no name of a topic: 1 to 249"
                                + " letters, digits, '.', '_' and '-'",
                        file + ":25: pipeline.shuffle.partitions = (hidden): must be a whole number from 1 to 10000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.ssl.keystore.password = [tops3cret, [1]]",
                "kafka.sasl.jaas.config = [tops3cret, tops3cret]",
                "kafka.sasl.oauthbearer.client.secret = [[tops3cret]]",
                "kafka.my.token = [tops3cret, {}]",
                "kafka { ssl.truststore.PASSWORD = tops3cret, group.id = tops3cret }",
                "kafka { ssl.key.password = tops3cret }\n custmer = tops3cret",
                "kafka { ssl.key.password = tops3cret }\n join.emit = tops3cret",
                "kafka { ssl.key.password = tops3cret }\n output.dimensions.x = tops3cret.tops3cret.a",
                "kafka { ssl.key.password = tops3cret }\n output.metrics.tops3cret = 1",
                "output.lookups.items { type = jdbc, url = \"jdbc:x?password=tops3cret\", query = q }",
                "output.lookups.items { type = jdbc, url = \"jdbc:x\", password = tops3cret, query = q, every = tops3cret }",
                "kafka.ssl.key.password = \"tops3cret",
                "kafka.ssl.key.password = tops3cret$tops3cret",
                "kafka.ssl.key.password =\n    tops3cret$tops3cret",
                "kafka.ssl.key.password = { a : b } tops3cret",
                "kafka.ssl.key.password = ${?NOTHING} tops3cret [1]",
                "kafka.sasl.jaas.config = \"a.B tops3cret required;\"",
                "tenant = tops3cret",
                "tenant.pasword = tops3cret",
                "tenant.password = tops3cret\n join.emit = tops3cret",
                "tenant { password = [tops3cret] }",
                "tenant { password { tops3cret = 1 } }",
                "tenant { password-file = secret-file }\n join.emit = tops3cret",
                "tenant.password = tops3cret$tops3cret"
            })
    void secretsNeverAppearInProblems(String settings) throws IOException {
        Files.writeString(folder.resolve("secret-file"), SECRET + "\n");
        Path file = Example.write(folder, Example.with("name = ads\n", "name = ads\n" + settings + "\n"));
        List<Problem> problems = BrokenDefinitionTest.problems(file, Map.of());
        assertThat(problems).isNotEmpty();
        assertThat(problems.toString()).doesNotContain(SECRET).doesNotContain("3cret");
    }

    @Test
    void secretsOfARegistryNeverAppear() throws IOException {
        String text = Example.with(
                "topics = [acme.raw.clicks]\n      format = json",
                "topics = [acme.raw.clicks]\nformat { type = confluent-avro, registry = \"http://u:tops3cret@r\"\n"
                        + "credentials { user = u, password = [tops3cret] } }");
        List<Problem> problems = BrokenDefinitionTest.problems(Example.write(folder, text), Map.of());
        assertThat(problems)
                .extracting(Problem::key)
                .containsExactly(
                        "pipeline.streams[1].format.registry", "pipeline.streams[1].format.credentials.password");
        assertThat(problems.toString()).doesNotContain(SECRET);
    }

    @Test
    void secretsNeverAppearInTheDefinitionAsText() throws IOException {
        String text = Example.with(
                        "topics = [acme.raw.clicks]\n      format = json",
                        "topics = [acme.raw.clicks]\nformat { type = confluent-avro, registry = \"http://r\"\n"
                                + "credentials { user = u, password = ${PW} } }")
                .replace(
                        "name = ads\n",
                        "name = ads\nkafka { ssl.key.password = ${PW}, sasl.jaas.config = \"x required p=\"${PW}\";\" }\n");
        text = text.replace(
                "type = file, path = items.csv, key = item_id, value = item_name",
                "type = jdbc, url = \"jdbc:x\", query = q, password = ${PW}");
        PipelineDefinition definition = DefinitionLoader.load(Example.write(folder, text), Map.of("PW", SECRET));
        assertThat(definition.kafka()).containsEntry("sasl.jaas.config", "x required p=" + SECRET + ";");
        assertThat(definition.output().lookups().toString()).contains("jdbc:x").doesNotContain(SECRET);
        assertThat(definition.toString() + definition.streams()).doesNotContain(SECRET);
    }

    @Test
    void aTenantIsNoTextWithHisPassword() throws IOException {
        String text = Example.with(
                "name = ads\n", "name = ads\nkafka.security.protocol = SASL_SSL\ntenant.password = ${PW}\n");
        PipelineDefinition definition = DefinitionLoader.load(Example.write(folder, text), Map.of("PW", SECRET));
        assertThat(definition.tenant().orElseThrow().password()).contains(SECRET);
        assertThat(definition.toString() + definition.tenant()).doesNotContain(SECRET);
    }

    private static String unresolved(String name) {
        return "${" + name
                + "}: there is no such environment variable and no such key in this file; set it, or write ${?" + name
                + "} if it may be absent";
    }
}
