package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the Dockerfile promises; docs/operations.md says how the image itself was looked at. */
class ImageTest {
    private static final String DOCKERFILE = Repository.read("deploy/docker/Dockerfile");
    private static final List<String> LINES = DOCKERFILE
            .replace("\\\n", " ")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();

    @Test
    void baseImagesArePinned() {
        assertThat(LINES.stream().filter(line -> line.startsWith("FROM ")))
                .containsExactly("FROM ${BUILD_IMAGE} AS build", "FROM ${JRE_IMAGE}");
        assertThat(LINES.stream().filter(line -> line.startsWith("ARG ")))
                .hasSize(2)
                .allSatisfy(line ->
                        assertThat(line).matches("ARG [A-Z_]+=docker\\.io/library/[a-z-]+:[0-9]+\\.[0-9]+\\.[0-9]+.*"))
                .anySatisfy(line -> assertThat(line).contains("eclipse-temurin:17.", "-jre-"));
    }

    /** By number: Kubernetes cannot tell whether a name is root's. */
    @Test
    void itIsNobodyAndStartedWithoutAShell() {
        assertThat(LINES.stream().filter(line -> line.startsWith("USER "))).containsExactly("USER 10001:10001");
        assertThat(LINES.stream().filter(line -> line.startsWith("ENTRYPOINT") || line.startsWith("CMD")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(" [\"").endsWith("]"));
    }

    @Test
    void dependenciesAreALayerBeforeOurs() {
        List<String> copies = LINES.stream()
                .filter(line -> line.startsWith("COPY --from=build"))
                .toList();
        assertThat(copies)
                .containsExactly(
                        "COPY --from=build /image/lib /opt/adpipe/lib",
                        "COPY --from=build /image/native /opt/adpipe/native",
                        "COPY --from=build /image/app /opt/adpipe/app",
                        "COPY --from=build /image/java.options /opt/adpipe/");
    }

    /** Java is silent about an archive that is not where it looks, and starts take twice as long. */
    @Test
    void theClassArchiveIsMadeWhereJavaLooksForIt() {
        List<String> options =
                Arrays.asList(Repository.read("deploy/docker/java.options").split("\n"));
        String archive = options.stream()
                .filter(option -> option.startsWith("-XX:SharedArchiveFile="))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*=", "");
        int made = indexOf("-XX:ArchiveClassesAtExit=" + archive + " ");
        // Of the jars as they are in the image, so after the last of them.
        assertThat(made).isGreaterThan(indexOf("COPY --from=build /image/java.options"));
        assertThat(LINES.get(made)).contains("test -s " + archive);
        assertThat(DOCKERFILE).contains("| sed 's|^|/opt/adpipe/|' | paste -sd :");
    }

    @Test
    void rocksDbFindsItsLibraryInAFile() {
        assertThat(Repository.read("deploy/docker/java.options")).contains("-Djava.library.path=/opt/adpipe/native\n");
        assertThat(DOCKERFILE).contains("cp \"local/target/native/librocksdbjni-linux$bits.so\" /image/native/");
        assertThat(Repository.read("local/pom.xml"))
                .contains("librocksdbjni-linux64.so", "<outputDirectory>${project.build.directory}/native<");
    }

    private static int indexOf(String part) {
        for (int i = 0; i < LINES.size(); i++) {
            if (LINES.get(i).contains(part)) {
                return i;
            }
        }
        throw new AssertionError("no line of the Dockerfile has " + part);
    }

    @Test
    void itsJarIsTheOneThatIsBuilt() {
        String version = Repository.read("pom.xml").replaceAll("(?s).*?<version>([^<]+)</version>.*", "$1");
        assertThat(DOCKERFILE).contains("local/target/local-" + version + ".jar");
        assertThat(Repository.read("docker-compose.yml")).contains("image: adpipe:" + version);
    }

    @Test
    void theHeapLeavesRoomForLocalState() {
        List<String> options =
                Arrays.asList(Repository.read("deploy/docker/java.options").split("\n"));
        assertThat(options).contains("-XX:MaxRAMPercentage=55", "-XX:+ExitOnOutOfMemoryError");
    }
}
