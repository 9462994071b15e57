package dev.adpipe.local.druid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in Maven's place, that says what Maven says. */
class DruidJarsTest {
    @TempDir
    Path dir;

    private Path a;
    private Path b;

    @BeforeEach
    void jars() throws Exception {
        a = Files.writeString(dir.resolve("a-1.jar"), "");
        b = Files.writeString(dir.resolve("b-1.jar"), "");
    }

    @Test
    void areAskedForOnceAndThenKnown() throws Exception {
        DruidJars jars = new DruidJars(dir.resolve("new"), maven("""
            echo "[INFO] Downloaded from central: https://x/a-1.jar (1.5 MB at 2.0 MB/s)"
            echo "[INFO] Downloaded from central: https://x/a-1.pom (7 kB at 2.0 MB/s)"
            echo "[INFO] Downloaded from central: https://x/b-1.jar (500 kB at 2.0 MB/s)"
            for word in "$@"; do case $word in -Dmdep.outputFile=*) printf '%s' > "${word#*=}";; esac; done
            """.replace("%s", a + File.pathSeparator + b)));
        List<Fetched> told = new ArrayList<>();

        assertThat(jars.find(told::add)).containsExactly(a, b);
        assertThat(told).containsExactly(Fetched.NOTHING, new Fetched(1, 1_500_000), new Fetched(2, 2_000_000));

        DruidJars again = new DruidJars(dir.resolve("new"), "no-such-maven");
        assertThat(again.find(told::add)).containsExactly(a, b);
        assertThat(told).as("progress of what is not fetched").hasSize(3);
    }

    /** Maven's local repository may have been cleared. */
    @Test
    void areAskedForAgainWhenOneIsGone() throws Exception {
        Path folder = dir.resolve("new");
        new DruidJars(folder, maven(lists(a + File.pathSeparator + b))).find(f -> {});
        Files.delete(a);
        assertThat(new DruidJars(folder, maven(lists(b.toString()))).find(f -> {}))
                .containsExactly(b);
    }

    @Test
    void saysWhyMavenCannotFetchThem() throws Exception {
        DruidJars jars = new DruidJars(dir.resolve("new"), maven("""
            echo "[INFO] Scanning for projects..."
            echo "[ERROR] Could not transfer artifact org.apache.druid:druid-services:jar:33.0.0: Unknown host"
            echo "[ERROR] -> [Help 1]"
            exit 1
            """));
        assertThatThrownBy(() -> jars.find(f -> {}))
                .isInstanceOf(DruidException.class)
                .hasMessageContaining("Could not transfer artifact org.apache.druid:druid-services:jar:33.0.0")
                .hasMessageContaining("needs the network");
        assertThatThrownBy(() -> new DruidJars(dir.resolve("new"), "no-such-maven").find(f -> {}))
                .isInstanceOf(DruidException.class)
                .hasMessageContaining("Install Maven");
    }

    /** Druid's own versions, and none of ours: the definition has no parent. */
    @Test
    void theDefinitionIsWhole() throws Exception {
        Path folder = dir.resolve("new");
        new DruidJars(folder, maven(lists(a.toString()))).find(f -> {});
        assertThat(Files.readString(folder.resolve("druid-jars.xml")))
                .contains("druid-kafka-indexing-service")
                .doesNotContain("${", "<parent>");
    }

    private static String lists(String paths) {
        return "for word in \"$@\"; do case $word in -Dmdep.outputFile=*) printf '" + paths
                + "' > \"${word#*=}\";; esac; done\n";
    }

    private String maven(String script) throws Exception {
        Path file = Files.createTempFile(dir, "mvn", ".sh");
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }
}
