package dev.adpipe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.join.JoinMain;
import dev.adpipe.local.Adpipe;
import dev.adpipe.local.process.JavaProcess;
import dev.adpipe.local.process.Ports;
import dev.adpipe.output.OutputMain;
import dev.adpipe.shuffle.ShuffleMain;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What docker-compose.yml starts, as processes of this machine: Kafka, three jobs, monitor, generator, its definition. */
final class RunningPipeline implements AutoCloseable {
    private static final Map<String, Class<?>> MAINS =
            Map.of("shuffle", ShuffleMain.class, "join", JoinMain.class, "output", OutputMain.class);

    private final EmbeddedKafka kafka;
    private final Map<String, JavaProcess> processes = new LinkedHashMap<>();
    private final Map<String, String> targets = new LinkedHashMap<>();

    /**
     * @param rate the generator's events per second
     */
    static RunningPipeline start(Path dir, Ports ports, int rate) throws IOException {
        RunningPipeline pipeline = new RunningPipeline(EmbeddedKafka.start(dir.resolve("kafka")));
        try {
            pipeline.startAll(dir, ports, rate);
            return pipeline;
        } catch (IOException | RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }

    private JoinedMetrics metrics;

    private RunningPipeline(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    private void startAll(Path dir, Ports ports, int rate) throws IOException {
        Files.copy(Repository.path("deploy/compose/campaigns.csv"), dir.resolve("campaigns.csv"));
        int together = ports.next();
        String any = definition(dir, "any", together);
        StringWriter said = new StringWriter();
        PrintWriter to = new PrintWriter(said);
        assertThat(Adpipe.run(to, to, "provision", any, "--create-raw-topics", "4"))
                .as("%s", said)
                .isZero();
        for (String stage : List.of("shuffle", "join", "output")) {
            int port = ports.next();
            targets.put(stage + ":9400", "127.0.0.1:" + port);
            start(dir, stage, MAINS.get(stage), definition(dir, stage, port), "--instance", "0");
        }
        metrics = new JoinedMetrics(together, List.copyOf(targets.values()));
        String port = Integer.toString(ports.next());
        targets.put("monitor:8080", "127.0.0.1:" + port);
        start(dir, "monitor", Adpipe.class, "monitor", any, "--port", port, "--interval", "1");
        start(dir, "generator", Adpipe.class, "generate", any, "--rate", Integer.toString(rate));
    }

    private void start(Path dir, String name, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(main.getName()));
        command.addAll(List.of(arguments));
        JavaProcess process =
                new JavaProcess(name, List.of("-Xmx256m", JavaProcess.QUICK), command, dir.resolve(name + ".log"));
        processes.put(name, process);
        process.start();
    }

    /** That of docker-compose.yml, with what differs here; in HOCON the last value counts. */
    private String definition(Path dir, String name, int port) throws IOException {
        return Files.writeString(
                        dir.resolve(name + ".conf"),
                        Repository.read("deploy/compose/acme.conf")
                                + """
                                pipeline {
                                  kafka.bootstrap.servers = "%s"
                                  runtime { state-dir = "%s", metrics-port = %d }
                                  # Its count is in the catalogue.
                                  output.dimensions.country { default = unknown, on-error = default }
                                }
                                """.formatted(kafka.bootstrapServers(), dir.resolve("state"), port))
                .toString();
    }

    /** Where each container is, by what it is called in docker-compose.yml. */
    Map<String, String> targets() {
        return targets;
    }

    /** SIGTERM, as a container is stopped. */
    void stop(String stage) {
        processes.get(stage).terminate(Duration.ofSeconds(60));
    }

    void startAgain(String stage) {
        processes.get(stage).start();
    }

    @Override
    public void close() {
        processes.values().forEach(JavaProcess::close);
        if (metrics != null) {
            metrics.close();
        }
        kafka.close();
    }
}
