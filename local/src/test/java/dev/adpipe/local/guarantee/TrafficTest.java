package dev.adpipe.local.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.guarantee.ProofPipeline.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the comparison rests on: the watermark, which stays {@code lateness} behind the highest event time read of each raw
 * partition, can never overtake an event that the oracle expects.
 */
class TrafficTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Times TIMES = Times.shortLives();
    private static final long START = 1_700_000_000_000L;
    private static final int IMPRESSIONS = 20_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsNotOpenIsLessOutOfOrderThanTheLateness(long seed) throws IOException {
        Map<String, Long> impressions = new HashMap<>();
        Map<String, Long> highest = new HashMap<>();
        Set<String> seen = new HashSet<>();
        long worst = Long.MIN_VALUE;
        List<RawEvent> all = sorted(seed);
        for (RawEvent event : all) {
            JsonNode json = usable(event);
            if (json != null && event.topic().equals(ProofPipeline.IMPRESSIONS)) {
                impressions.put(
                        json.get("imp_id").asText(), json.get("timestamp").asLong());
            }
        }
        for (RawEvent event : all) {
            JsonNode json = usable(event);
            if (json == null) {
                continue;
            }
            String id = json.path("click_id").asText(json.get("imp_id").asText());
            long time = json.get("timestamp").asLong();
            String partition = event.topic() + event.partition();
            long disorder = highest.getOrDefault(partition, time) - time;
            highest.merge(partition, time, Math::max);
            // A copy may come as late as it likes: the first is judged.
            if (id.startsWith(Traffic.OPEN) || !seen.add(event.topic() + id)) {
                continue;
            }
            Long impression = impressions.get(json.get("imp_id").asText());
            if (impression != null && time >= impression - TIMES.skew().toMillis()) {
                worst = Math.max(worst, disorder);
                assertThat(disorder)
                        .as(json.toString())
                        .isLessThan(TIMES.lateness().toMillis());
            } else {
                // Unmatched whenever it comes, as long as it is not late: its key lives as long as its windows.
                assertThat(disorder)
                        .isLessThan(TIMES.lateness().plus(TIMES.within()).toMillis());
            }
        }
        assertThat(worst).as("worst disorder: there is some").isGreaterThan(1_000);
    }

    @Test
    void theSameSeedGivesTheSame() {
        // Not the texts themselves: they are too long to be shown.
        assertThat(told(7).equals(told(7))).isTrue();
        assertThat(told(7).equals(told(8))).isFalse();
    }

    @Test
    void oneRecordInAThousandIsPoison() throws IOException {
        List<RawEvent> all = sorted(1);
        long poison = 0;
        for (RawEvent event : all) {
            poison += usable(event) == null ? 1 : 0;
        }
        assertThat(poison).isBetween(all.size() / 2_000L, all.size() / 500L);
    }

    private static String told(long seed) {
        StringBuilder all = new StringBuilder();
        for (RawEvent event : sorted(seed)) {
            String value = event.value() == null ? "null" : new String(event.value(), StandardCharsets.ISO_8859_1);
            all.append(event.due())
                    .append(event.topic())
                    .append(event.partition())
                    .append(value);
        }
        return all.toString();
    }

    private static List<RawEvent> sorted(long seed) {
        Traffic traffic = new Traffic(seed, TIMES);
        List<RawEvent> all = new ArrayList<>();
        for (int n = 0; n < IMPRESSIONS; n++) {
            all.addAll(traffic.of(n, START + 4L * n, false));
        }
        all.sort(Comparator.comparingLong(RawEvent::due));
        return all;
    }

    private static JsonNode usable(RawEvent event) throws IOException {
        try {
            JsonNode json = event.value() == null ? null : JSON.readTree(event.value());
            return json != null
                            && json.path("imp_id").isTextual()
                            && json.path("timestamp").isNumber()
                    ? json
                    : null;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return null;
        }
    }
}
