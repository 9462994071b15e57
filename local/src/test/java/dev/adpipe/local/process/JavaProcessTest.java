package dev.adpipe.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JavaProcessTest {
    /** The guarantee run measures starts as they are in production. */
    @Test
    void ofOurOwnOptionsAProcessGetsThoseThatMakeItsStartQuicker() {
        assertThat(JavaProcess.startOptions(List.of(
                        "-Xmx4g",
                        "-Djava.library.path=/a/native",
                        "-XX:SharedArchiveFile=/a/launcher.jsa",
                        "-Xshare:auto",
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off",
                        "-Xlog:gc",
                        "-Dadpipe.terminal=true")))
                .containsExactly(
                        "-Djava.library.path=/a/native",
                        "-XX:SharedArchiveFile=/a/launcher.jsa",
                        "-Xshare:auto",
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off");
    }
}
