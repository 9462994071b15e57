package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.chain;
import static dev.adpipe.output.Pipeline.part;
import static dev.adpipe.output.Pipeline.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.schemas.RowSchema;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows in Avro are read back by Avro's own reader, with the schema that follows from the definition. */
class RowAvroTest {
    private static final String OUTPUT = """
            dimensions {
              campaign = impression.campaign
              position = { field = impression.position, type = long }
              score = { field = impression.score, type = double }
              mobile = { field = impression.mobile, type = boolean }
              segments = { field = impression.segments, type = strings }
            }
            metrics {
              impressions = { on = impression, value = 1 }
              spend = { on = impression, field = impression.price }
            }
            sink { type = topic, format = avro }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void avroReadsThem(Mode mode) throws IOException {
        PipelineDefinition definition = Pipeline.definition(folder, OUTPUT);
        try (TaskDriver driver = Pipeline.driver(new OutputJob(definition), mode)) {
            process(driver, chain("k", 1, part("impression", "i", 1_600_000_000_123L, """
                            {"campaign": "Schöne Schuhe", "position": 3, "score": 0.5, "mobile": true, "segments": ["x", "y"], "price": 1.25}""")));
            process(driver, chain("k", 1, part("impression", "i", 1_600_000_000_124L, "{}")));

            Schema schema = RowSchema.of(definition);
            assertThat(read(driver, 0, schema).toString())
                    .isEqualTo(
                            "{\"__time\": 1600000000123, \"campaign\": \"Schöne Schuhe\", \"position\": 3, \"score\": 0.5,"
                                    + " \"mobile\": true, \"segments\": [\"x\", \"y\"], \"impressions\": 1, \"spend\": 1.25}");
            assertThat(read(driver, 1, schema).toString())
                    .isEqualTo("{\"__time\": 1600000000124, \"campaign\": null, \"position\": null, \"score\": null,"
                            + " \"mobile\": null, \"segments\": null, \"impressions\": 1, \"spend\": null}");
            driver.assertBalanced();
        }
    }

    private static GenericRecord read(TaskDriver driver, int row, Schema written, Schema wanted) throws IOException {
        BinaryMessageDecoder<GenericRecord> decoder = new BinaryMessageDecoder<>(new GenericData(), wanted);
        decoder.addSchema(written);
        return decoder.decode(driver.outputs().get(row).value());
    }

    private static GenericRecord read(TaskDriver driver, int row, Schema schema) throws IOException {
        return read(driver, row, schema, schema);
    }

    @Test
    void anAddedDimensionCanBeReadFromOlderRows() throws IOException {
        PipelineDefinition older = Pipeline.definition(folder, OUTPUT);
        try (TaskDriver driver = Pipeline.driver(new OutputJob(older), Mode.STRAIGHT)) {
            process(driver, chain("k", 1, part("impression", "i", 1L, "{\"campaign\": \"a\"}")));
            Schema newer = RowSchema.of(Pipeline.definition(
                    folder,
                    OUTPUT.replace(
                            "metrics {", "dimensions.device = impression.device\nrow-count = events\nmetrics {")));
            GenericRecord row = read(driver, 0, RowSchema.of(older), newer);
            assertThat(row.get("campaign")).hasToString("a");
            assertThat(row.hasField("device")).isTrue();
            assertThat(row.get("device")).isNull();
        }
    }

    @Test
    void whatATransformAddsUndeclaredIsADeadLetter() {
        for (String more : List.of("", "pre-aggregate { bucket = 1m }\n")) {
            undeclared(OUTPUT + more + "transform = tidy\n");
        }
    }

    private void undeclared(String output) {
        try (TaskDriver driver = Pipeline.driver(new OutputJob(Pipeline.definition(folder, output)), Mode.STRAIGHT)) {
            process(driver, chain("k", 1, part("impression", "i", 1L, "{\"campaign\": \"a\"}")));
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly("bad-value");
            assertThat(driver.deadLetters().get(0).explanation())
                    .contains("the definition declares no dimension and no metric of this name");
        }
    }
}
