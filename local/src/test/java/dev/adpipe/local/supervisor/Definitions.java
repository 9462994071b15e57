package dev.adpipe.local.supervisor;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pipeline definitions with a sink of type {@code druid-kafka}, read as a user's are. */
final class Definitions {
    private Definitions() {}

    /**
     * @param kafka properties, a line each
     * @param sink  settings beside type and datasource, a line each
     */
    static Path file(Path folder, String kafka, String sink) {
        try {
            return Files.writeString(folder.resolve("acme.conf"), """
                    pipeline {
                      customer = acme
                      name = ads
                      kafka {
                        bootstrap.servers = "kafka-1:9092,kafka-2:9092"
                        %s
                      }
                      streams = [
                        { name = impression, topics = [i], format = json
                          key = imp_id, event-id = imp_id, time = { field = ts, format = iso-8601 } }
                        { name = click, topics = [c], format = json
                          key = imp_id, event-id = click_id, time = { field = ts, format = iso-8601 }, within = 1h }
                      ]
                      output {
                        dimensions {
                          campaign = impression.campaign
                          position = { field = impression.position, type = long }
                          score = { field = impression.score, type = double }
                          mobile = { field = impression.mobile, type = boolean }
                          segments = { field = impression.segments, type = strings }
                        }
                        metrics {
                          impressions = { on = impression, value = 1 }
                          spend = { on = impression, field = impression.price, type = double }
                        }
                        sink {
                          type = druid-kafka
                          datasource = acme_ads
                          %s
                        }
                      }
                    }
                    """.formatted(kafka, sink));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PipelineDefinition load(Path folder, String kafka, String sink) {
        return DefinitionLoader.load(file(folder, kafka, sink));
    }
}
