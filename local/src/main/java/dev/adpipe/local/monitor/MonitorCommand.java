package dev.adpipe.local.monitor;

import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DefinitionLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adpipe monitor}. */
@Command(
        name = "monitor",
        header = "Watches pipelines from outside their jobs: a web page and /metrics.",
        description = {
            "Watches one or several pipelines until Ctrl-C, asking Kafka only: backlog of each stage and partition in"
                    + " records and seconds, how long an event takes to become a row, who is in the groups, and the books."
                    + " So a dead job is seen. It serves a web page, and /metrics for Prometheus.",
            "How busy the jobs are only they know: they are asked at runtime.metrics-port of the definition, if it is"
                    + " set."
        })
public final class MonitorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "F", description = "Pipeline definitions, HOCON files.")
    private List<Path> files;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9400",
            description = "Where the page and /metrics are. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--interval",
            paramLabel = "S",
            defaultValue = "2",
            description = "Seconds between two looks. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 1 || port > 65535) {
            throw CommandException.usage("--port = " + port + ": a port is between 1 and 65535");
        }
        if (seconds < 1) {
            throw CommandException.usage("--interval = " + seconds + ": at least 1 second");
        }
        Monitor monitor =
                Monitor.start(files.stream().map(DefinitionLoader::load).toList(), port, Duration.ofSeconds(seconds));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            monitor.close();
                            Runtime.getRuntime().halt(0);
                        },
                        "adpipe-monitor-stop"));
        spec.commandLine()
                .getOut()
                .println("monitor at " + monitor.url() + ", for Prometheus at " + monitor.url()
                        + "metrics; Ctrl-C ends it");
        new CountDownLatch(1).await();
        return 0;
    }
}
