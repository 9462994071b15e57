package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import dev.adpipe.local.Adpipe;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The Helm chart, and what it makes of the two customers. */
class ChartTest {
    private static final String STATEFUL_SET = "apps/v1/StatefulSet";

    @Test
    void lintsStrictly() {
        LintResult result = Chart.lint();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void isWhatItWas(String customer) throws IOException {
        Golden.compare(customer + ".yaml", Chart.render(customer, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void everyObjectIsValid(String customer) {
        assertThat(Chart.objects(customer, Map.of()))
                .hasSizeGreaterThan(10)
                .allSatisfy(object -> assertThat(Manifest.problem(object)).isEmpty());
    }

    @Test
    void theCheckOfObjectsFindsMistakes() {
        String budget =
                "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {maxUnavailble: 1}}";
        assertThat(Manifest.problem(Node.parse(budget)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("maxUnavailble"));
        String set = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {selector: {}}}";
        assertThat(Manifest.problem(Node.parse(set)))
                .hasValueSatisfying(problem -> assertThat(problem).contains("template"));
    }

    /** What the containers get is a definition that they take, and fits what the chart takes it for. */
    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void theDefinitionIsValidAndFitsTheChart(String customer, @TempDir Path dir) throws IOException {
        List<Node> objects = Chart.objects(customer, Map.of());
        Node files = named(objects, "v1/ConfigMap", customer + "-ads").at("data");
        assertThat(named(objects, "v1/ConfigMap", customer + "-ads-provision").at("data"))
                .isEqualTo(files);
        for (String file : files.keys()) {
            String text = files.at(file).text().replace("/etc/adpipe-secret", dir.toString());
            Files.writeString(dir.resolve(file), text);
        }
        // Of the Secret that secrets.files names.
        Files.createFile(dir.resolve("ca.crt"));
        PipelineDefinition definition = DefinitionLoader.load(dir.resolve("pipeline.conf"));
        Node values = Node.parse(Files.readString(Chart.values(customer)));
        assertThat(definition.customer()).isEqualTo(values.at("customer").text());
        assertThat(definition.name()).isEqualTo(values.at("pipeline").text());
        assertThat(definition.shuffle().partitions())
                .isEqualTo(values.at("partitions").value());
        assertThat(definition.runtime().metricsPort()).isEqualTo(9400);
        assertThat(definition.runtime().stateDir()).isEqualTo(Path.of("/var/lib/adpipe/state"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void eachStageIsAStatefulSetWithinTheBudget(String customer) {
        List<Node> sets = ofKind(Chart.objects(customer, Map.of()), STATEFUL_SET);
        assertThat(sets).hasSize(3).allSatisfy(set -> {
            Node pod = set.at("spec", "template", "spec");
            Node container = pod.at("containers").list().get(0);
            assertThat(container.at("resources", "limits").value())
                    .isEqualTo(Map.of("cpu", "1500m", "memory", "3Gi"))
                    .isEqualTo(container.at("resources", "requests").value());
            assertThat(container.at("args").texts()).endsWith("--instance", "$(POD_NAME)");
            assertThat(pod.at("terminationGracePeriodSeconds").value()).isEqualTo(90);
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(container.at(probe, "httpGet", "port").text()).isEqualTo("metrics");
            }
            assertThat(container.at("livenessProbe", "httpGet", "path").text()).isEqualTo("/health/live");
            assertThat(container.at("readinessProbe", "httpGet", "path").text()).isEqualTo("/health/ready");
            assertThat(pod.at("topologySpreadConstraints").list()).hasSize(2);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void everyMainIsOneThatTheCodeHas(String customer) {
        List<Node> containers = Chart.objects(customer, Map.of()).stream()
                .flatMap(object -> object.at("spec", "template", "spec", "containers").list().stream())
                .toList();
        assertThat(containers).hasSize(5).allSatisfy(container -> {
            List<String> words = container.at("args").texts();
            assertThat(Class.forName(words.get(0)).getMethod("main", String[].class))
                    .isNotNull();
            if (words.get(0).equals(Adpipe.class.getName())) {
                String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
                assertThatCode(() -> new CommandLine(new Adpipe()).parseArgs(arguments))
                        .doesNotThrowAnyException();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void noPodMayDoMoreThanItNeeds(String customer) {
        List<Node> pods = Chart.objects(customer, Map.of()).stream()
                .map(object -> object.at("spec", "template", "spec"))
                .filter(pod -> !pod.isMissing())
                .toList();
        assertThat(pods).hasSize(5).allSatisfy(pod -> {
            assertThat(pod.at("automountServiceAccountToken").value()).isEqualTo(false);
            assertThat(pod.at("securityContext", "runAsNonRoot").value()).isEqualTo(true);
            assertThat(pod.at("securityContext", "seccompProfile", "type").text())
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.at("containers").list()).allSatisfy(container -> {
                Node security = container.at("securityContext");
                assertThat(security.at("allowPrivilegeEscalation").value()).isEqualTo(false);
                assertThat(security.at("readOnlyRootFilesystem").value()).isEqualTo(true);
                assertThat(security.at("capabilities", "drop").texts()).containsExactly("ALL");
                assertThat(container.at("resources", "limits").keys()).contains("memory");
                assertThat(container.at("image").text()).isEqualTo("adpipe:0.1.0-SNAPSHOT");
            });
        });
    }

    /** Jobs that start without topics and first offsets refuse to run. */
    @Test
    void provisioningComesFirst() {
        List<Node> objects = Chart.objects("globex", Map.of());
        for (String kind : List.of("v1/ConfigMap", "batch/v1/Job")) {
            Node annotations = named(objects, kind, "globex-ads-provision").at("metadata", "annotations");
            assertThat(annotations.at(Chart.SEEN_HOOK).text()).isEqualTo("pre-install,pre-upgrade");
        }
        assertThat(Chart.HOOK).isEqualTo("helm.sh/hook");
    }

    /** A selector that selects nothing is valid, and silent. */
    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex"})
    void budgetsServicesAndPoliciesSelectThePods(String customer) {
        List<Node> objects = Chart.objects(customer, Map.of());
        for (Node set : ofKind(objects, STATEFUL_SET)) {
            String name = set.at("metadata", "name").text();
            Map<?, ?> labels =
                    (Map<?, ?>) set.at("spec", "template", "metadata", "labels").value();
            List<Node> selectors = List.of(
                    set.at("spec", "selector", "matchLabels"),
                    named(objects, "policy/v1/PodDisruptionBudget", name).at("spec", "selector", "matchLabels"),
                    named(objects, "v1/Service", name).at("spec", "selector"),
                    named(objects, "networking.k8s.io/v1/NetworkPolicy", customer + "-ads")
                            .at("spec", "podSelector", "matchLabels"));
            assertThat(selectors).allSatisfy(selector -> {
                assertThat(selector.keys()).isNotEmpty();
                assertThat(labels.entrySet().containsAll(((Map<?, ?>) selector.value()).entrySet()))
                        .isTrue();
            });
            assertThat(set.at("spec", "serviceName").text()).isEqualTo(name);
        }
    }

    @Test
    void theJoinKeepsItsStateWhenContainersGo() {
        Node spec = named(Chart.objects("globex", Map.of()), STATEFUL_SET, "globex-ads-join")
                .at("spec");
        assertThat(spec.at("persistentVolumeClaimRetentionPolicy", "whenScaled").text())
                .isEqualTo("Retain");
        Node claim = spec.at("volumeClaimTemplates").list().get(0);
        assertThat(claim.at("spec", "resources", "requests", "storage").text()).isEqualTo("100Gi");
        assertThat(spec.at("template", "spec", "containers")
                        .list()
                        .get(0)
                        .at("volumeMounts")
                        .list())
                .anySatisfy(mount -> {
                    assertThat(mount.at("name")).isEqualTo(claim.at("metadata", "name"));
                    assertThat(mount.at("mountPath").text()).isEqualTo("/var/lib/adpipe");
                });
    }

    @Test
    void whatScalesHasNoReplicasAndStaysWithinThePartitions() {
        List<Node> objects = Chart.objects("globex", Map.of());
        List<Node> scaled = ofKind(objects, "keda.sh/v1alpha1/ScaledObject");
        assertThat(scaled).hasSize(3).allSatisfy(object -> {
            Node target = object.at("spec", "scaleTargetRef");
            Node set = named(
                    objects,
                    target.at("apiVersion").text() + "/" + target.at("kind").text(),
                    target.at("name").text());
            assertThat(set.at("spec", "replicas").isMissing()).isTrue();
            assertThat(object.at("spec", "minReplicaCount").value()).isEqualTo(1);
            assertThat(object.at("spec", "maxReplicaCount").value()).isEqualTo(24);
            String stage =
                    set.at("metadata", "labels", "app.kubernetes.io/component").text();
            assertThat(object.at("spec", "triggers")
                            .list()
                            .get(0)
                            .at("metadata", "query")
                            .text())
                    .isEqualTo("max(adpipe_recommended_containers{customer=\"globex\",pipeline=\"ads\",stage=\"" + stage
                            + "\"})");
        });
        assertThat(ofKind(Chart.objects("acme", Map.of()), STATEFUL_SET))
                .allSatisfy(
                        set -> assertThat(set.at("spec", "replicas").value()).isEqualTo(1));
    }

    /** It asks the jobs how busy they are, or knows no number of containers. */
    @Test
    void theMonitorReachesTheJobs() {
        List<Node> objects =
                Chart.objects("globex", Map.of("networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.a", "b"));
        Node policy = named(objects, "networking.k8s.io/v1/NetworkPolicy", "globex-ads");
        Node monitor = named(objects, "apps/v1/Deployment", "globex-ads-monitor");
        Node job = named(objects, STATEFUL_SET, "globex-ads-join");
        assertThat(policy.at("spec", "ingress").list().get(0).at("from").list())
                .anyMatch(peer -> selects(peer, monitor));
        assertThat(policy.at("spec", "egress").list())
                .anyMatch(egress -> egress.at("to").list().stream().anyMatch(peer -> selects(peer, job))
                        && egress.at("ports").list().stream()
                                .anyMatch(port -> port.at("port").value().equals(9400)));
    }

    private static boolean selects(Node peer, Node pods) {
        Node labels = peer.at("podSelector", "matchLabels");
        Node template = pods.at("spec", "template", "metadata", "labels");
        return !labels.isMissing()
                && labels.keys().stream().allMatch(key -> labels.at(key).equals(template.at(key)));
    }

    @Test
    void scalingNeedsTheMonitor() {
        assertThatThrownBy(() -> Chart.render("globex", Map.of("monitor.enabled", false)))
                .message()
                .contains("autoscaling.enabled = true: needs monitor.enabled = true");
    }

    @Test
    void aChangedDefinitionRestartsTheJobsAndAChangedLookupDoesNot() {
        assertThat(annotations(Map.of("files.items\\.csv", "a")))
                .isEqualTo(annotations(Map.of()))
                .isNotEqualTo(annotations(Map.of("definition", "customer = acme \n name = ads \n partitions = 4 ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    replicas                   | 2          | replicas
                    stages.sink.replicas       | 1          | sink
                    stages.join.replicas       | 0          | minimum
                    stages.join.storage.size   | large      | pattern
                    stages.join.replicas       | 5          | stages.join.replicas = 5: more than the 4 partitions
                    partitions                 | 6          | partitions = 6: shuffle.partitions of the definition is 4
                    customer                   | zozo       | customer = zozo: the definition has another pipeline.customer
                    pipeline                   | bids       | pipeline = bids: the definition has another pipeline.name
                    customer                   | Zozo       | pattern
                    image.tag                  | latest     | image
                    autoscaling.enabled        | perhaps    | boolean
                    secrets.password           | x          | password
                    resources.limits.cpu       | much       | pattern
                    """)
    void aWrongValueIsRefusedAndNamed(String key, String value, String said) {
        Object typed = value.matches("[0-9]+") ? (Object) Integer.valueOf(value) : value;
        assertThatThrownBy(() -> Chart.render("acme", Map.of(key, typed)))
                .message()
                .contains(said);
    }

    @Test
    void everyValueOfTheChartIsInItsSchema() throws IOException {
        Node schema = Node.parse(Repository.read("deploy/helm/adpipe/values.schema.json"));
        Node values = Node.parse(Repository.read("deploy/helm/adpipe/values.yaml"));
        Set<String> keys = new TreeSet<>(values.keys());
        keys.add("global");
        assertThat(new TreeSet<>(schema.at("properties").keys())).isEqualTo(keys);
    }

    private static Set<String> annotations(Map<String, Object> set) {
        return ofKind(Chart.objects("acme", set), STATEFUL_SET).stream()
                .map(it -> it.at("spec", "template", "metadata", "annotations").text())
                .collect(Collectors.toSet());
    }

    private static List<Node> ofKind(List<Node> objects, String kind) {
        return objects.stream()
                .filter(object -> Manifest.kind(object).equals(kind))
                .toList();
    }

    private static Node named(List<Node> objects, String kind, String name) {
        return ofKind(objects, kind).stream()
                .filter(object -> object.at("metadata", "name").text().equals(name))
                .findAny()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }
}
