package dev.adpipe.local.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The oracle: joins impressions and clicks from the raw topics all at once, in the simplest way, sharing no code with
 * adpipe. It knows no lateness and no arrival order, so it is right only for input in which nothing depends on these: at
 * most one impression per key, copies identical, every event in time but those said to be open.
 */
final class BatchJoin {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final long within;
    private final long skew;
    private final long maxSkew;
    private final Map<String, Event> impressions = new HashMap<>();
    private final Map<String, Event> clicks = new HashMap<>();
    private final Map<String, Integer> occurrences = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private long records;

    private record Event(String impression, long time, String campaign, long price) {}

    /**
     * @param maxSkew how far an event time may be ahead of the clock
     */
    BatchJoin(long within, long skew, long maxSkew) {
        this.within = within;
        this.skew = skew;
        this.maxSkew = maxSkew;
    }

    /** Takes a raw record; {@code at} is when it came to its topic, {@code place} where it stands. */
    void impression(byte[] value, long at, String place) {
        add(impressions, value, "imp_id", at, place);
    }

    void click(byte[] value, long at, String place) {
        add(clicks, value, "click_id", at, place);
    }

    private void add(Map<String, Event> events, byte[] value, String idField, long at, String place) {
        records++;
        JsonNode json = parse(value);
        if (json == null
                || !json.path("imp_id").isTextual()
                || !json.path(idField).isTextual()
                || !json.path("timestamp").isNumber()
                || json.get("timestamp").asLong() > at + maxSkew) {
            refused.add(place);
            return;
        }
        String id = json.get(idField).asText();
        Event event = new Event(
                json.get("imp_id").asText(),
                json.get("timestamp").asLong(),
                json.path("campaign").asText(),
                json.path("price").asLong());
        events.put(id, event);
        occurrences.merge(name(events == impressions, id), 1, Integer::sum);
    }

    private static JsonNode parse(byte[] value) {
        try {
            return value == null ? null : JSON.readTree(value);
        } catch (IOException e) {
            return null;
        }
    }

    /** An event of either stream by one name: an impression's id, or {@code click/} and the click's. */
    static String name(boolean impression, String id) {
        return impression ? id : "click/" + id;
    }

    /** Raw records in all. */
    long records() {
        return records;
    }

    /** Places of the records that no stage can use. */
    Set<String> refused() {
        return refused;
    }

    /** How often each usable event is in the raw topics. */
    Map<String, Integer> occurrences() {
        return occurrences;
    }

    /** By the event's name, the row that it must have if it is emitted; null for a click that has no impression. */
    void forEachRow(BiConsumer<String, String> visitor) {
        impressions.forEach((id, i) -> visitor.accept(name(true, id), row(i.time, id, "-", i, i.price)));
        clicks.forEach((id, click) -> visitor.accept(
                name(false, id),
                isMatched(click) ? row(click.time, click.impression, id, impressions.get(click.impression), 0) : null));
    }

    /** A row as text; the price counts on the impression's row only. */
    static String row(String time, String impression, String click, String campaign, long price) {
        return time + " " + impression + " " + click + " " + campaign + " " + price;
    }

    private static String row(long time, String impression, String click, Event of, long price) {
        return row(Instant.ofEpochMilli(time).toString(), impression, click, of.campaign, price);
    }

    private boolean isMatched(Event click) {
        Event impression = impressions.get(click.impression);
        return impression != null && click.time - impression.time <= within && click.time - impression.time >= -skew;
    }
}
