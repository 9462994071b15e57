package dev.adpipe.local.druid.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DruidEndTest {
    @TempDir
    Path dir;

    @Test
    void saysThatAPortWasTaken() throws Exception {
        assertThat(explain(1, "x\njava.net.BindException: Address already in use\n\tat y"))
                .contains("exit code 1", "a port that was free has been taken", "druid.log");
    }

    @Test
    void saysThatMemoryRanOut() throws Exception {
        assertThat(explain(3, "Terminating due to java.lang.OutOfMemoryError: Java heap space"))
                .contains("memory");
    }

    @Test
    void saysThatItWasKilled() throws Exception {
        assertThat(explain(137, "x")).contains("was killed");
    }

    @Test
    void showsTheEndOfTheLogOtherwise() throws Exception {
        assertThat(explain(1, "one\ntwo\nthree\nfour\nfive\nsix\n")).endsWith(":\ntwo\nthree\nfour\nfive\nsix");
        assertThat(DruidEnd.explain(1, dir.resolve("none"))).contains("cannot be read");
    }

    @Test
    void tooLittleMemoryIsRefusedWithBothNumbers() {
        Memory.require(1 << 20, 1 << 20);
        assertThatThrownBy(() -> Memory.require(1L << 30, 412L << 20))
                .isInstanceOf(DruidException.class)
                .hasMessageContaining("1024 MiB")
                .hasMessageContaining("412 MiB");
        assertThat(Memory.available()).isPositive();
    }

    private String explain(int code, String log) throws Exception {
        return DruidEnd.explain(code, Files.writeString(dir.resolve("druid.log"), log));
    }
}
