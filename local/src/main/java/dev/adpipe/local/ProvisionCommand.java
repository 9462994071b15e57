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
        header = "Makes a pipeline's topics, first offsets, user, ACLs and quotas.",
        description = {
            "Makes everything in Kafka that the pipeline needs before its first start: its topics, and for every stage the"
                    + " offsets it begins at. Safe to repeat: what is there is compared; other settings are set right and"
                    + " said, another number of partitions is refused.",
            "Only offsets that are missing are committed, and only while nobody is in the stage's group.",
            "If the definition has a tenant, also the customer's SCRAM user, the ACLs that his jobs need and no others, and his"
                    + " quotas. That takes an administrator of the cluster: --command-config. ACLs that are missing are added,"
                    + " others said and left; quotas are set right; a password that is not the user's is refused."
        })
final class ProvisionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Mixin
    private CommandConfig administrator;

    @Option(names = "--new-password", description = "Give a user that is there already the definition's password.")
    private boolean newPassword;

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
        try (KafkaConnection kafka = KafkaConnection.open(administrator.over(pipeline.kafka()))) {
            new Provisioner(pipeline, kafka.admin(), out::println)
                    .provision(new Provisioner.Options(raw, removeStopped, newPassword));
        }
        SupervisorNote.of(pipeline).ifPresent(out::println);
        return ExitCode.OK;
    }
}
