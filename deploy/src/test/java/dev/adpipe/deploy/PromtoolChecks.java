package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** What promtool says to the configuration, the rules and their unit tests. */
final class PromtoolChecks {
    static final String[] TESTS = {
        "deploy/src/test/promtool/backlog.yml",
        "deploy/src/test/promtool/events.yml",
        "deploy/src/test/promtool/gone.yml"
    };

    private PromtoolChecks() {}

    static void run() throws IOException, InterruptedException {
        check("check", "config", path("deploy/monitoring/prometheus/prometheus.yml"));
        check("check", "rules", "--lint=all", "--lint-fatal", path(Rule.FILE));
        for (String test : TESTS) {
            check("test", "rules", path(test));
        }
    }

    private static void check(String... arguments) throws IOException, InterruptedException {
        Tool.Result result = Tool.PROMTOOL.run(arguments);
        assertThat(result.exitCode())
                .as("promtool %s\n%s", String.join(" ", arguments), result.output())
                .isZero();
    }

    private static String path(String name) {
        return Repository.path(name).toString();
    }
}
