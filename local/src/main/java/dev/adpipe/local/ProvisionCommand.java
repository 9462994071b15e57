package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "provision",
        header = "Makes a pipeline's topics and first offsets.",
        description = {
            "Makes everything in Kafka that the pipeline needs before its first start: its topics, and for every stage the"
                    + " offsets it begins at. Safe to repeat: what is there is compared; other settings are set right and"
                    + " said, another number of partitions is refused.",
            "Only offsets that are missing are committed, and only while nobody is in the stage's group."
        })
final class ProvisionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Option(
            names = "--create-raw-topics",
            paramLabel = "N",
            description =
                    "Make raw topics that do not exist, with N partitions. For local use: elsewhere they belong to"
                            + " whoever writes them, and a missing one is refused.")
    private Integer rawPartitions;

    @Option(
            names = "--remove-stopped",
            description = "Remove static members that have stopped, but that Kafka still counts as members until their"
                    + " session times out, from groups whose offsets are missing. One that is alive comes back, and then"
                    + " it is refused.")
    private boolean removeStopped;

    @Override
    public Integer call() {
        if (rawPartitions != null && rawPartitions < 1) {
            throw CommandException.usage("--create-raw-topics = " + rawPartitions + ": at least 1 partition");
        }
        PipelineDefinition pipeline = definition.load();
        PrintWriter out = spec.commandLine().getOut();
        OptionalInt raw = rawPartitions == null ? OptionalInt.empty() : OptionalInt.of(rawPartitions);
        try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka())) {
            new Provisioner(pipeline, kafka.admin(), out::println)
                    .provision(new Provisioner.Options(raw, removeStopped));
        }
        SupervisorNote.of(pipeline).ifPresent(out::println);
        return ExitCode.OK;
    }
}
