package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "peek",
        header = "Shows records of any topic of a pipeline.",
        description =
                "Shows committed records of one of the pipeline's topics, its raw ones included: one line of JSON each,"
                        + " envelopes opened and payloads decoded. Commits nothing and disturbs nobody.")
final class PeekCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Parameters(
            index = "1",
            paramLabel = "TOPIC",
            description = "shuffled, joined, rows, unmatched, dead-letter, join-changelog, or a full name.")
    private String topic;

    @Option(names = "--from-beginning", description = "The first records; without it, the last.")
    private boolean fromBeginning;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many. Default: ${DEFAULT-VALUE}.")
    private int max;

    @Option(names = "--partition", paramLabel = "P", description = "Of this partition only.")
    private Integer partition;

    @Override
    public Integer call() {
        if (max < 1) {
            throw CommandException.usage("--max = " + max + ": at least 1");
        }
        PipelineDefinition pipeline = definition.load();
        String name = fullName(pipeline, topic);
        OptionalInt only = partition == null ? OptionalInt.empty() : OptionalInt.of(partition);
        RecordJson json = new RecordJson(pipeline);
        try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka())) {
            Peek peek = new Peek(kafka);
            List<ConsumerRecord<byte[], byte[]>> records =
                    fromBeginning ? peek.first(name, only, max) : peek.last(name, only, max);
            records.forEach(record -> spec.commandLine().getOut().println(json.line(record)));
            if (records.isEmpty()) {
                spec.commandLine().getErr().println("no committed records in " + name);
            }
        }
        return ExitCode.OK;
    }

    static String fullName(PipelineDefinition pipeline, String topic) {
        List<String> known = new ArrayList<>(pipeline.topics().all());
        known.addAll(pipeline.rawTopics());
        String prefixed = pipeline.topics().prefix() + "." + topic;
        if (known.contains(topic)) {
            return topic;
        }
        if (known.contains(prefixed)) {
            return prefixed;
        }
        throw CommandException.usage("topic " + topic + " is not one of this pipeline's: " + String.join(", ", known));
    }
}
