package dev.adpipe.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.runtime.ClosingRecord;
import dev.adpipe.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Adds up the records of the topics where events end. Pure; used by one thread. */
final class TopicCounter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    private final Map<String, Sums> campaigns = new TreeMap<>();
    private final Map<String, Long> unmatched = new TreeMap<>();
    private final Map<String, Map<String, Long>> deadLetters = new TreeMap<>();
    private long rows;

    TopicCounter(Topics topics) {
        this.topics = topics;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        if (ClosingRecord.is(record)) {
            return;
        }
        if (record.topic().equals(topics.rows())) {
            addRow(record.value());
        } else if (record.topic().equals(topics.unmatched())) {
            unmatched.merge(header(record, "adpipe.reason"), 1L, Long::sum);
        } else {
            deadLetters
                    .computeIfAbsent(header(record, "adpipe.stage"), s -> new TreeMap<>())
                    .merge(header(record, "adpipe.reason"), 1L, Long::sum);
        }
    }

    TopicCounts snapshot() {
        Map<String, Map<String, Long>> letters = new HashMap<>();
        deadLetters.forEach((stage, reasons) -> letters.put(stage, Map.copyOf(reasons)));
        return new TopicCounts(rows, campaigns, unmatched, letters);
    }

    private void addRow(byte[] value) {
        try {
            JsonNode row = JSON.readTree(value);
            Map<Metric, Long> values = new EnumMap<>(Metric.class);
            for (Metric metric : Metric.values()) {
                JsonNode cell = row.path(metric.column());
                if (!cell.isMissingNode()) {
                    values.put(metric, Math.round(cell.asDouble() * metric.scale()));
                }
            }
            campaigns.merge(row.path("campaign").asText("none"), new Sums(values), Sums::plus);
            rows++;
        } catch (IOException e) {
            throw new UncheckedIOException("a row is no JSON: " + new String(value, StandardCharsets.UTF_8), e);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "no header " + name : new String(header.value(), StandardCharsets.UTF_8);
    }
}
