package dev.adpipe.local;

import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        header = "Checks a definition as a whole.",
        description =
                "Checks a definition as a whole, without asking Kafka, and says everything that is wrong with it: file,"
                        + " line, key, value and rule. If nothing is, it prints what the pipeline is.")
final class ValidateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Override
    public Integer call() {
        print(definition.load(), spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private static void print(PipelineDefinition d, PrintWriter out) {
        out.println(d.source() + " is valid: pipeline " + d.name() + " of customer " + d.customer());
        out.println();
        out.println("streams, in funnel order");
        for (StreamDefinition stream : d.streams()) {
            boolean root = stream.equals(d.streams().get(0));
            out.println("  " + stream.name() + ": " + String.join(", ", stream.topics()) + ", key "
                    + paths(stream.key()) + ", id " + paths(stream.eventId()) + ", time "
                    + stream.time().field()
                    + (root ? "" : ", within " + Shown.duration(stream.within()) + " of its parent")
                    + (stream.optional() ? ", optional" : "")
                    + (stream.firstOnly() ? ", first only" : ""));
        }
        out.println("join");
        out.println("  lateness " + Shown.duration(d.join().lateness()) + ", skew "
                + Shown.duration(d.join().skew()));
        out.println("rows");
        out.println("  dimensions "
                + names(d.output().dimensions().stream().map(x -> x.name()).toList()));
        out.println("  metrics "
                + names(d.output().metrics().stream().map(x -> x.name()).toList()));
        out.println("topics, " + d.shuffle().partitions() + " partitions each");
        d.topics().all().forEach(topic -> out.println("  " + topic));
    }

    private static String paths(List<?> paths) {
        return String.join(" + ", paths.stream().map(Object::toString).toList());
    }

    private static String names(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
