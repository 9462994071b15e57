package dev.adpipe.schemas.definition;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A valid definition that tests break, and the files that it names. */
final class Example {
    static final String TEXT = """
            pipeline {
              customer = acme
              name = ads
              kafka.bootstrap.servers = "localhost:9092"
              streams = [
                {
                  name = impression
                  topics = [acme.raw.impressions]
                  format = json
                  key = imp_id
                  event-id = imp_id
                  time { field = timestamp, format = iso-8601 }
                }
                {
                  name = click
                  topics = [acme.raw.clicks]
                  format = json
                  key = imp_id
                  event-id = click_id
                  time { field = timestamp, format = iso-8601 }
                  within = 1h
                }
              ]
              shuffle {
                partitions = 12
              }
              join {
                skew = 1m
              }
              output {
                dimensions {
                  campaign = impression.campaign
                  item = { field = impression.item_id, lookup = items }
                }
                metrics {
                  clicks = { on = click, value = 1 }
                  spend = { on = click, field = impression.price }
                }
                lookups {
                  items = { type = file, path = items.csv, key = item_id, value = item_name }
                }
              }
              runtime {
                metrics-port = 0
              }
            }
            """;

    private static final String SCHEMA = """
            {"type": "record", "name": "Click", "fields": [{"name": "id", "type": "string"}]}
            """;

    private Example() {}

    /** Writes the definition and what it may name into the folder. */
    static Path write(Path folder, String text) throws IOException {
        Files.writeString(folder.resolve("items.csv"), "item_id,item_name,\"the \"\"price\"\", net\"\n1,Shoes,3\n");
        Files.writeString(folder.resolve("items.jsonl"), "{\"item_id\": 1, \"item_name\": \"Shoes\"}\n");
        Files.writeString(folder.resolve("empty.csv"), "");
        Files.writeString(folder.resolve("click.avsc"), SCHEMA);
        Files.writeString(folder.resolve("win.avsc"), SCHEMA.replace("Click", "Win"));
        Files.writeString(folder.resolve("trusted.p12"), "");
        Files.writeString(folder.resolve("own.p12"), "");
        Files.writeString(folder.resolve("number.avsc"), "\"long\"");
        Files.writeString(folder.resolve("broken.avsc"), "{\"type\": \"recrod\"}");
        Files.writeString(folder.resolve("password"), "from a file\n");
        Files.writeString(folder.resolve("nothing"), "\n");
        Files.writeString(folder.resolve("lines"), "two\nlines\n");
        return Files.writeString(folder.resolve("acme.conf"), text);
    }

    static PipelineDefinition load(Path folder, String text) throws IOException {
        return DefinitionLoader.load(write(folder, text), Map.of());
    }

    /** The example with a part of it replaced; the part must be there, exactly once. */
    static String with(String part, String replacement) {
        int at = TEXT.indexOf(part);
        if (at < 0 || TEXT.indexOf(part, at + 1) >= 0) {
            throw new IllegalArgumentException("not exactly once in the example: " + part);
        }
        return TEXT.replace(part, replacement);
    }
}
