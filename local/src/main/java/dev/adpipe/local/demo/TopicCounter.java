package dev.adpipe.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.demo.Outcome.TopicCounts;
import dev.adpipe.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Adds up the records of the topics where events end. Pure; used by one thread. */
final class TopicCounter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Topics topics;
    private final Map<String, CampaignTotals> campaigns = new TreeMap<>();
    private final Map<String, Long> unmatched = new TreeMap<>();
    private final Map<String, Map<String, Long>> deadLetters = new TreeMap<>();
    private long rows;

    TopicCounter(Topics topics) {
        this.topics = topics;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
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
            CampaignTotals totals = new CampaignTotals(
                    row.path("impressions").asLong(),
                    row.path("clicks").asLong(),
                    Math.round(row.path("spend").asDouble() * 1e6));
            campaigns.merge(row.path("campaign").asText("none"), totals, CampaignTotals::plus);
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
