package dev.adpipe.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The oracle: joins impressions and clicks from the raw topics all at once, in the simplest way, sharing no code with
 * adpipe. It knows no lateness and no arrival order, so it is right only for input in which nothing depends on these:
 * every event in time, at most one impression per key, copies identical.
 */
final class BatchJoin {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long within;
    private final long skew;
    private final Map<String, Event> impressions = new HashMap<>();
    private final Map<String, Event> clicks = new HashMap<>();
    private long copies;
    private long malformed;

    private record Event(String impression, long time, String campaign) {}

    BatchJoin(long within, long skew) {
        this.within = within;
        this.skew = skew;
    }

    void impression(byte[] value) {
        add(impressions, value, "imp_id");
    }

    void click(byte[] value) {
        add(clicks, value, "click_id");
    }

    private void add(Map<String, Event> events, byte[] value, String id) {
        try {
            JsonNode json = JSON.readTree(new String(value, java.nio.charset.StandardCharsets.UTF_8));
            Event event = new Event(
                    json.get("imp_id").asText(),
                    json.get("timestamp").asLong(),
                    json.path("campaign").asText());
            copies += events.put(json.get(id).asText(), event) == null ? 0 : 1;
        } catch (JsonProcessingException e) {
            malformed++;
        }
    }

    /** How often each row must be there: {@code impression id / click id or - / campaign}, in order. */
    Map<String, Integer> rows() {
        List<String> rows = new ArrayList<>();
        impressions.values().forEach(i -> rows.add(i.impression + "/-/" + i.campaign));
        clicks.forEach((id, click) -> {
            if (isMatched(click)) {
                rows.add(click.impression + "/" + id + "/" + impressions.get(click.impression).campaign);
            }
        });
        return count(rows);
    }

    private boolean isMatched(Event click) {
        Event impression = impressions.get(click.impression);
        return impression != null && click.time - impression.time <= within && click.time - impression.time >= -skew;
    }

    static Map<String, Integer> count(List<String> rows) {
        Map<String, Integer> counts = new TreeMap<>();
        rows.forEach(row -> counts.merge(row, 1, Integer::sum));
        return counts;
    }

    long unmatched() {
        return clicks.values().stream().filter(click -> !isMatched(click)).count();
    }

    long copies() {
        return copies;
    }

    long malformed() {
        return malformed;
    }
}
