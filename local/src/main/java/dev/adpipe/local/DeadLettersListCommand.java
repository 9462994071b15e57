package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        header = "Lists dead letters.",
        description =
                "Lists dead letters: partition and offset, the stage that refused it, the reason, where it came from, and"
                        + " what was wrong. 'peek F dead-letter' shows their content.")
final class DeadLettersListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Mixin
    private DeadLetterFilter filter;

    @Option(
            names = "--max",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many. Default: ${DEFAULT-VALUE}.")
    private int max;

    private final Map<String, Long> kinds = new TreeMap<>();
    private int listed;

    @Override
    public Integer call() {
        PipelineDefinition pipeline = definition.load();
        PrintWriter out = spec.commandLine().getOut();
        try (KafkaConnection kafka = KafkaConnection.open(pipeline.kafka())) {
            DeadLetterBox box = new DeadLetterBox(pipeline, kafka);
            ReplayLedger ledger = box.ledger();
            box.read(letter -> {
                if (filter.matches(letter)) {
                    kinds.merge(letter.kind(), 1L, Long::sum);
                    if (listed < max) {
                        out.println(line(letter, ledger));
                        listed++;
                    }
                }
                return RecordScan.Next.GO_ON;
            });
        }
        long all = kinds.values().stream().mapToLong(Long::longValue).sum();
        PrintWriter err = spec.commandLine().getErr();
        err.println(Shown.number(all) + " dead letters" + (listed < all ? ", the first " + listed + " listed" : ""));
        kinds.forEach((kind, count) -> err.println("  " + kind + ": " + Shown.number(count)));
        return ExitCode.OK;
    }

    private static String line(DeadLetter letter, ReplayLedger ledger) {
        return letter.record().partition() + ":" + letter.record().offset() + "  " + letter.stage() + "  "
                + letter.reason() + "  from " + letter.source() + "@" + letter.sourceOffset() + "  "
                + letter.explanation()
                + (letter.cut() ? "  (too large to be kept whole)" : "")
                + (ledger.isReplayed(letter) ? "  (replayed)" : "");
    }
}
