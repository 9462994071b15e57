package dev.adpipe.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of this machine that the tests need and Maven cannot bring. */
enum Tool {
    PROMETHEUS("prometheus"),
    PROMTOOL("promtool");

    private final String program;

    Tool(String program) {
        this.program = program;
    }

    /** What it printed and how it ended. */
    record Result(int exitCode, String output) {}

    Optional<Path> found() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * @throws IllegalStateException if it is not there, with what to install
     */
    Path path() {
        return found().orElseThrow(() -> new IllegalStateException(missing()));
    }

    String missing() {
        return program + " is in no folder of PATH, and what it checks cannot be checked without it. On Debian:"
                + " apt-get install --no-install-recommends prometheus (in newer suites promtool, too); .ci/run does that.";
    }

    /** Runs it to its end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(path().toString()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), output);
    }
}
