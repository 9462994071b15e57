package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.adpipe.local.Adpipe;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What docker-compose.yml promises, as far as it can be seen without a Docker engine. */
class ComposeTest {
    private static final Node COMPOSE = Node.parse(Repository.read("docker-compose.yml"));
    private static final Node SERVICES = COMPOSE.at("services");
    private static final String IMAGE = "adpipe:0.1.0-SNAPSHOT";
    private static final List<String> JOBS = List.of("shuffle", "join", "output");
    private static final PipelineDefinition DEFINITION =
            DefinitionLoader.load(Repository.path("deploy/compose/acme.conf"));

    static Stream<String> services() {
        return SERVICES.keys().stream().sorted();
    }

    static Stream<String> ours() {
        return services().filter(name -> image(name).equals(IMAGE));
    }

    @Test
    void theThreeJobsAreOfOneImageAndWithinTheBudgetOfAContainer() {
        assertThat(ours()).containsAll(JOBS);
        assertThat(JOBS).allSatisfy(job -> {
            Node limits = SERVICES.at(job, "deploy", "resources", "limits");
            assertThat(limits.at("cpus").text()).isEqualTo("1.5");
            assertThat(limits.at("memory").text()).isEqualTo("3g");
        });
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyImageIsPinned(String service) {
        assertThat(image(service)).matches("[a-z0-9./-]+:v?[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9._-]*");
    }

    @ParameterizedTest
    @MethodSource("services")
    void everyServiceHasLimitsNoPrivilegesAndBoundedLogs(String service) {
        Node it = SERVICES.at(service);
        assertThat(it.at("deploy", "resources", "limits").keys()).contains("cpus", "memory");
        assertThat(it.at("cap_drop").texts()).containsExactly("ALL");
        assertThat(it.at("security_opt").texts()).contains("no-new-privileges:true");
        assertThat(it.at("logging", "options").keys()).contains("max-size", "max-file");
    }

    /** Only this machine reaches what the containers offer: nothing of it asks for a password. */
    @ParameterizedTest
    @MethodSource("services")
    void portsAreOfThisMachineOnly(String service) {
        assertThat(SERVICES.at(service, "ports").texts()).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void whatIsMountedIsThere(String service) {
        assertThat(SERVICES.at(service, "volumes").texts()).allSatisfy(volume -> {
            String source = volume.substring(0, volume.indexOf(':'));
            if (source.startsWith("./")) {
                assertThat(Repository.path(source)).exists();
                assertThat(volume).endsWith(":ro");
            } else {
                assertThat(COMPOSE.at("volumes").keys()).contains(source);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("services")
    void whoIsWaitedForCanBecomeWhatIsWaitedFor(String service) {
        Node dependencies = SERVICES.at(service, "depends_on");
        assertThat(SERVICES.keys()).containsAll(dependencies.texts());
        for (String other : dependencies.keys()) {
            assertThat(SERVICES.keys()).contains(other);
            String condition = dependencies.at(other, "condition").text();
            Node checked = SERVICES.at(other, "healthcheck");
            Node restarted = SERVICES.at(other, "restart");
            switch (condition) {
                case "service_healthy" -> assertThat(checked.isMissing()).isFalse();
                case "service_completed_successfully" ->
                    assertThat(restarted.isMissing()).isTrue();
                default -> assertThat(condition).isEqualTo("service_started");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ours")
    void oursWritesNothingButItsVolumeAndATmpThatNativeLibrariesLoadFrom(String service) {
        assertThat(SERVICES.at(service, "read_only").value()).isEqualTo(true);
        assertThat(SERVICES.at(service, "tmpfs").texts())
                .singleElement()
                .satisfies(tmp -> assertThat(tmp).startsWith("/tmp:exec,"));
    }

    @ParameterizedTest
    @MethodSource("ours")
    void itsCommandIsOneThatTheCodeHas(String service) throws Exception {
        List<String> words = SERVICES.at(service, "command").texts();
        assertThat(Class.forName(words.get(0)).getMethod("main", String[].class))
                .isNotNull();
        if (JOBS.contains(service)) {
            // Without a name of its own, a container made anew would be another member, and its state another's.
            assertThat(words.subList(2, words.size())).containsExactly("--instance", "0");
            assertThat(onThisMachine(service, words.get(1))).exists();
        } else {
            assertThat(words.get(0)).isEqualTo(Adpipe.class.getName());
            String[] arguments = words.stream()
                    .skip(1)
                    .map(word -> word.replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1"))
                    .toArray(String[]::new);
            assertThatCode(() -> new CommandLine(new Adpipe()).parseArgs(arguments))
                    .doesNotThrowAnyException();
            String file = words.stream()
                    .filter(word -> word.endsWith(".conf"))
                    .findAny()
                    .orElseThrow();
            assertThat(onThisMachine(service, file)).exists();
        }
    }

    @Test
    void theJobsReachKafkaWhereItListens() {
        Map<?, ?> environment = (Map<?, ?>) SERVICES.at("kafka", "environment").value();
        assertThat(environment.get("KAFKA_ADVERTISED_LISTENERS").toString().split(","))
                .contains("NETWORK://" + DEFINITION.kafka().get("bootstrap.servers"), "HOST://localhost:9092");
        assertThat(environment.get("KAFKA_LISTENERS").toString()).contains("NETWORK://:29092", "HOST://:9092");
    }

    @Test
    void healthIsAskedWhereItIsServedAndPrometheusAsksThereToo() {
        String port = Integer.toString(DEFINITION.runtime().metricsPort());
        Node prometheus = Node.parse(Repository.read("deploy/monitoring/prometheus/prometheus.yml"));
        List<String> targets = prometheus.at("scrape_configs").list().stream()
                .flatMap(scrape -> scrape.at("static_configs").list().stream())
                .flatMap(config -> config.at("targets").texts().stream())
                .toList();
        assertThat(JOBS).allSatisfy(job -> {
            List<String> test = SERVICES.at(job, "healthcheck", "test").texts();
            assertThat(test).containsExactly("CMD", "/opt/adpipe/answers", port, "/health/live");
            assertThat(targets).contains(job + ":" + port);
        });
        assertThat(targets).contains("monitor:8080");
        assertThat(SERVICES.at("monitor", "healthcheck", "test").texts())
                .containsExactly("CMD", "/opt/adpipe/answers", "8080", "/metrics");
        assertThat(Files.isExecutable(Repository.path("deploy/docker/answers"))).isTrue();
    }

    /** A container made anew finds the local state of the one before. */
    @Test
    void localStateIsInAVolume() {
        Path state = DEFINITION.runtime().stateDir();
        assertThat(SERVICES.at("join", "volumes").texts()).contains("join-state:" + state.getParent());
    }

    private static String image(String service) {
        return SERVICES.at(service, "image").text();
    }

    /** The file that a container sees under a path. */
    private static Path onThisMachine(String service, String path) {
        String mount = SERVICES.at(service, "volumes").texts().stream()
                .filter(volume -> path.startsWith(volume.split(":")[1] + "/"))
                .findAny()
                .orElseThrow();
        return Repository.path(mount.split(":")[0]).resolve(path.substring(mount.split(":")[1].length() + 1));
    }
}
