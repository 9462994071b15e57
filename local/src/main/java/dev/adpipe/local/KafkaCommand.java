package dev.adpipe.local;

import dev.adpipe.testkit.EmbeddedKafka;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "kafka",
        header = "Runs a single-node Kafka on this machine.",
        description =
                "Runs a Kafka of one node for those who have none at hand, until Ctrl-C. It listens on this machine only,"
                        + " replicates nothing, and keeps its data in the folder: started there again, it goes on.")
final class KafkaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9092",
            description = "Where clients connect. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--dir",
            paramLabel = "D",
            required = true,
            description = "Folder of its data; made if it does not exist.")
    private Path dir;

    @Override
    public Integer call() {
        if (port < 1 || port > 65535) {
            throw CommandException.usage("--port = " + port + ": a port is between 1 and 65535");
        }
        EmbeddedKafka kafka = start();
        Thread unused = CleanStop.onSignal(kafka::close);
        spec.commandLine()
                .getOut()
                .println("Kafka is up: bootstrap.servers = " + kafka.bootstrapServers() + ", data in "
                        + dir.toAbsolutePath().normalize() + ". Ctrl-C stops it.");
        Pause.forever();
        return ExitCode.OK;
    }

    private EmbeddedKafka start() {
        try {
            return EmbeddedKafka.start(dir, port);
        } catch (IllegalStateException e) {
            throw CommandException.failed(e.getMessage(), e);
        }
    }
}
