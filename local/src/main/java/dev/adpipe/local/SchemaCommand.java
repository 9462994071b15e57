package dev.adpipe.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.schemas.RowSchema;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.avro.SchemaParseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        header = "Prints the Avro schema of the rows.",
        description =
                "For output.sink = { type = topic, format = avro }: the schema that follows from the definition. Each"
                        + " record's value is Avro's single-object encoding: C3 01, the schema's fingerprint (CRC-64-AVRO, 8 bytes, little"
                        + " endian), and the row. A changed definition has another schema and fingerprint; every column but the time may"
                        + " be null and is null where it was not there yet.")
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionFile definition;

    @Parameters(
            index = "1",
            paramLabel = "TOPIC",
            defaultValue = "rows",
            description = "rows. Default: ${DEFAULT-VALUE}.")
    private String topic;

    @Override
    public Integer call() throws JsonProcessingException {
        if (!topic.equals("rows")) {
            throw CommandException.usage(
                    "'" + topic + "': only rows have a schema that depends on the definition; those of"
                            + " the other topics are in common-schemas");
        }
        PipelineDefinition pipeline = definition.load();
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.println(new ObjectMapper()
                    .readTree(RowSchema.of(pipeline).toString())
                    .toPrettyString());
        } catch (SchemaParseException e) {
            throw CommandException.usage(pipeline.source() + ": a column's name is no name in Avro: " + e.getMessage());
        }
        out.flush();
        return ExitCode.OK;
    }
}
