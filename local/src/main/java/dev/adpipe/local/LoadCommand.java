package dev.adpipe.local;

import dev.adpipe.schemas.definition.DefinitionLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        header = "Writes files into a topic, line by line.",
        description =
                "Writes files into a topic: each line one record, as it stands, without a key; blank lines are skipped;"
                        + " a file whose name ends in .gz is unpacked. Acknowledged by all replicas, nothing twice within one run.")
final class LoadCommand implements Callable<Integer> {
    private static final int MAX_REQUEST_BYTES = 64 * 1024 * 1024;

    @Spec
    private CommandSpec spec;

    @Option(names = "--topic", paramLabel = "T", required = true, description = "The topic; it must exist.")
    private String topic;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON lines, or any lines.")
    private List<Path> files;

    private static final class Where {
        @Option(names = "--bootstrap-server", paramLabel = "HOST:PORT", description = "The Kafka to connect to.")
        private String bootstrap;

        @Option(
                names = {"-f", "--definition"},
                paramLabel = "F",
                description = "A pipeline definition: its Kafka, with its client properties.")
        private Path definition;
    }

    @Override
    public Integer call() {
        Map<String, String> properties = where.definition != null
                ? DefinitionLoader.load(where.definition).kafka()
                : Map.of("bootstrap.servers", where.bootstrap);
        PrintWriter err = spec.commandLine().getErr();
        try (KafkaConnection kafka = KafkaConnection.open(properties)) {
            if (TopicProvisioner.describe(kafka.admin(), List.of(topic)).isEmpty()) {
                throw CommandException.refused("topic " + topic + " does not exist at "
                        + properties.get("bootstrap.servers") + ". 'adpipe provision F --create-raw-topics 4' makes the"
                        + " raw topics of a definition.");
            }
            try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of(
                    "compression.type",
                    "lz4",
                    "linger.ms",
                    "20",
                    "batch.size",
                    "131072",
                    // How large a record may be is for the topic to say, not for this producer.
                    "max.request.size",
                    Integer.toString(MAX_REQUEST_BYTES),
                    "buffer.memory",
                    Integer.toString(2 * MAX_REQUEST_BYTES)))) {
                long records = new RecordLoader(producer, topic, p -> err.println(text(p))).load(files);
                spec.commandLine().getOut().println(Shown.number(records) + " records are in " + topic);
            }
        }
        return ExitCode.OK;
    }

    private String text(RecordLoader.Progress p) {
        return topic + ": " + p.percent() + " %, " + Shown.number(p.records()) + " records, "
                + Shown.number(Math.round(p.recordsPerSecond())) + " records/s";
    }
}
