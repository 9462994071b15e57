package dev.adpipe.local;

import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A small pipeline that serves metrics: impressions and clicks, a lookup that knows one site, windows of a second. */
final class MeasuredPipeline {
    private MeasuredPipeline() {}

    static PipelineDefinition of(Path dir, EmbeddedKafka kafka, int port) throws IOException {
        Files.writeString(dir.resolve("sites.csv"), "site,name\ns0,First\n");
        return DefinitionLoader.load(
                Files.writeString(dir.resolve("metrics.conf"), """
                    pipeline {
                      customer = acme
                      name = metrics
                      kafka.bootstrap.servers = "%s"
                      streams = [
                        { name = impression, topics = [impressions], format = json, key = imp_id, event-id = imp_id
                          time { field = timestamp, format = iso-8601 } }
                        { name = click, topics = [clicks], format = json, key = imp_id, event-id = click_id
                          time { field = timestamp, format = iso-8601 }, within = 1s }
                      ]
                      shuffle { partitions = 2, tick-interval = 200ms, idle-after = 1s }
                      join { lateness = 1s, skew = 1s, first-event-timeout = 2s }
                      output {
                        dimensions.site = { field = impression.site, lookup = sites, default = other, on-error = null }
                        metrics.impressions { on = impression, value = 1 }
                        lookups.sites = { type = file, path = "sites.csv", key = site, value = name }
                        sink { type = topic }
                      }
                      runtime { metrics-port = %d, state-memory = 64MiB, commit-interval = 100ms }
                    }
                    """.formatted(kafka.bootstrapServers(), port)));
    }

    static void send(KafkaProducer<byte[], byte[]> producer, String topic, String text) {
        Answer.of(producer.send(new ProducerRecord<>(topic, text.getBytes(StandardCharsets.UTF_8))));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
