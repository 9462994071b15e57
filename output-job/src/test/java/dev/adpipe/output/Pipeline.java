package dev.adpipe.output;

import dev.adpipe.runtime.Job;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Definitions and joined events for the tests. */
final class Pipeline {
    static final long IMPRESSION_TIME = 1_574_553_663_979L;
    static final long CLICK_TIME = IMPRESSION_TIME + 20_021;
    static final int PARTITION = 3;

    private Pipeline() {}

    /** A pipeline of impressions and clicks in JSON, with this output block. */
    static PipelineDefinition definition(Path folder, String output) {
        return definition(folder, "json", output);
    }

    static PipelineDefinition definition(Path folder, String clickFormat, String output) {
        Path file = folder.resolve("acme.conf");
        try {
            Files.writeString(file, """
                    pipeline {
                      customer = acme, name = ads
                      kafka.bootstrap.servers = "localhost:9092"
                      streams = [
                        { name = impression, topics = ["acme.raw.impressions"], format = json
                          key = imp_id, event-id = imp_id, time { field = ts, format = iso-8601 } }
                        { name = click, topics = ["acme.raw.clicks"], format = %s
                          key = imp_id, event-id = click_id, time { field = ts, format = iso-8601 }, within = 1h }
                      ]
                      shuffle { partitions = 4, max-record-bytes = 1KiB }
                      output { %s }
                    }
                    """.formatted(clickFormat, output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DefinitionLoader.load(file);
    }

    static TaskDriver driver(Job job, Mode mode) {
        return TaskDriver.stateless(job, new TopicPartition("acme.ads.joined", PARTITION), mode);
    }

    static Part impression(String json) {
        return part("impression", "imp-1", IMPRESSION_TIME, json);
    }

    static Part click(String json) {
        return part("click", "click-1", CLICK_TIME, json);
    }

    /** To be given its place by {@link #chain}. */
    static Part part(String stream, String id, long time, String json) {
        return part(stream, id, time, json, Part.ROOT, 0);
    }

    static Part part(String stream, String id, long time, String json, int parent, int ordinal) {
        return new Part(stream, id, time, PayloadEncoding.JSON, 0, bytes(json), parent, ordinal);
    }

    /** As the join emits it eagerly: root first, the trigger last. */
    static JoinedEvent chain(String joinKey, int ordinal, Part... parts) {
        List<Part> chain = new ArrayList<>();
        for (Part p : parts) {
            int place = chain.size();
            boolean trigger = place == parts.length - 1;
            chain.add(new Part(
                    p.stream(),
                    p.id(),
                    p.time(),
                    p.encoding(),
                    p.schemaId(),
                    p.payload(),
                    place - 1,
                    trigger ? ordinal : 0));
        }
        return new JoinedEvent(joinKey, chain);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The last part is the trigger. */
    static void process(TaskDriver driver, Part... parts) {
        process(driver, chain("key-1", 1, parts));
    }

    static void process(TaskDriver driver, JoinedEvent event) {
        driver.process(event.joinKey().getBytes(StandardCharsets.UTF_8), EnvelopeCodec.encode(event));
    }

    static List<String> rows(TaskDriver driver) {
        return driver.outputs().stream()
                .map(o -> new String(o.value(), StandardCharsets.UTF_8))
                .toList();
    }
}
