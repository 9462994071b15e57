package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobMainTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--containers 2",
                "F --contaners 2",
                "F --containers",
                "F --containers two",
                "F --containers 0",
                "F G",
                "F --instance a G"
            })
    void wrongUsageStartsNothing(String line) {
        assertThat(JobMain.run(new NeverLoaded(), line.split(" "))).isEqualTo(2);
    }

    private static final class NeverLoaded implements Stage<Void> {
        @Override
        public String name() {
            return "never";
        }

        @Override
        public Void load(Path file) {
            throw new AssertionError("wrong usage is noticed before the definition is read");
        }

        @Override
        public ContainerSettings settings(Void definition, String instance, int number) {
            throw new AssertionError("nothing was loaded");
        }

        @Override
        public Job job(Void definition) {
            throw new AssertionError("nothing was loaded");
        }
    }
}
