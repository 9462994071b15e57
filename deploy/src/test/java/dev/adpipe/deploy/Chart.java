package dev.adpipe.deploy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The Helm chart, rendered by the Helm engine itself. */
final class Chart {
    private static final Path FOLDER = Repository.path("deploy/helm/adpipe");
    /** What makes an object a hook; another word in its place, for the engine leaves hooks out of what it renders. */
    static final String HOOK = "helm.sh/hook";

    static final String SEEN_HOOK = "adpipe.test/hook";
    /** The engine takes a cluster of 1.20 for granted. */
    private static final String KUBERNETES = "1.34.0";

    private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

    private Chart() {}

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    static Path values(String customer) {
        return Repository.path("deploy/customers/" + customer + ".yaml");
    }

    /**
     * What would be applied for a customer, as text.
     *
     * @param set values on top of his file
     * @throws IllegalStateException with Helm's message
     */
    static String render(String customer, Map<String, Object> set) {
        return set.isEmpty()
                ? RENDERED.computeIfAbsent(customer, name -> renderAnew(name, set))
                : renderAnew(customer, set);
    }

    private static String renderAnew(String customer, Map<String, Object> set) {
        TemplateCommand template = new Helm(WithoutHooks.FOLDER)
                .template()
                .withName(customer + "-ads")
                .withNamespace(customer)
                .withKubeVersion(KUBERNETES)
                .withValuesFile(values(customer));
        set.forEach(template::set);
        return template.call();
    }

    /** The same as objects. */
    static List<Node> objects(String customer, Map<String, Object> set) {
        return Node.parseAll(render(customer, set));
    }

    /** A copy of the chart whose hooks are no hooks. Made once; gone when the JVM ends. */
    private static final class WithoutHooks {
        static final Path FOLDER = copy();

        private WithoutHooks() {}

        private static Path copy() {
            try (Stream<Path> files = Files.walk(Chart.FOLDER)) {
                Path to = Files.createTempDirectory("adpipe-chart-");
                to.toFile().deleteOnExit();
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = to.resolve(Chart.FOLDER.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    copy.getParent().toFile().deleteOnExit();
                    Files.writeString(copy, Files.readString(file).replace(HOOK, SEEN_HOOK));
                    copy.toFile().deleteOnExit();
                }
                return to;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
