package dev.adpipe.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FunnelTrafficTest {
    /** What only a record that is split can become. */
    static final Set<Fate> OF_SPLIT_RECORDS =
            EnumSet.of(Fate.NO_ELEMENT_KEY, Fate.NO_ELEMENTS, Fate.SAME_ID, Fate.NO_BID);

    private static final long START = 1_800_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An event of a record, and when the record was made. */
    private record Made(long at, String stream, Fate fate, JsonNode json, String key) {
        long time() {
            JsonNode time = json.get("timestamp");
            return time.isNumber()
                    ? time.asLong()
                    : Instant.parse(time.asText()).toEpochMilli();
        }
    }

    /** One request per millisecond, as the clock goes. */
    private static final class Run {
        final List<RawRecord> records = new ArrayList<>();
        final List<Made> made = new ArrayList<>();
        final FunnelTraffic traffic;
        long now = START;

        Run(long seed) {
            traffic = new FunnelTraffic(seed, START, record -> {
                records.add(record);
                if (record.fate().end() != Fate.End.SHUFFLE_DEAD_LETTER) {
                    split(record).forEach(made::add);
                }
            });
        }

        Run go(int seconds) {
            for (long end = now + seconds * 1_000L; now < end; now++) {
                traffic.makeDue(now);
                traffic.makeNew(now, now > START + 2_000);
            }
            return this;
        }

        List<Made> rows(String stream) {
            return of(Fate.ROW).stream().filter(m -> m.stream().equals(stream)).toList();
        }

        List<Made> of(Fate fate) {
            return made.stream().filter(m -> m.fate() == fate).toList();
        }

        /** Of the rows; a key has one event of each stream but clicks and conversions. */
        Map<String, Made> byKey(String stream) {
            Map<String, Made> byKey = new HashMap<>();
            rows(stream).forEach(m -> byKey.put(m.key(), m));
            return byKey;
        }

        private List<Made> split(RawRecord record) {
            JsonNode json = read(record.value());
            String id = json.get("id").asText();
            List<String> imps = new ArrayList<>();
            switch (record.stream()) {
                case FunnelTraffic.REQUEST ->
                    json.get("imp").forEach(i -> imps.add(i.get("id").asText()));
                case FunnelTraffic.RESPONSE ->
                    json.get("seatbid")
                            .forEach(seat -> seat.get("bid")
                                    .forEach(b -> imps.add(b.get("impid").asText())));
                default -> imps.add(json.get("impid").asText());
            }
            assertThat(record.events()).as(json.toString()).isEqualTo(imps.size());
            return imps.stream()
                    .map(imp -> new Made(now, record.stream(), record.fate(), json, id + "|" + imp))
                    .toList();
        }
    }

    @Test
    void theSameSeedMakesTheSameRecords() {
        List<RawRecord> one = new Run(7).go(5).records;
        List<RawRecord> two = new Run(7).go(5).records;
        assertThat(two).hasSameSizeAs(one);
        for (int i = 0; i < one.size(); i++) {
            assertThat(two.get(i).value()).isEqualTo(one.get(i).value());
        }
        assertThat(new Run(8).go(1).records.get(0).value())
                .isNotEqualTo(one.get(0).value());
    }

    @Test
    void itsCountsAreThoseOfItsEvents() {
        Run run = new Run(1).go(30);
        run.traffic.finish(run.now);
        Expected expected = run.traffic.expected();

        Map<Fate, Long> counted = new EnumMap<>(Fate.class);
        run.made.forEach(m -> counted.merge(m.fate(), 1L, Long::sum));
        run.records.stream()
                .filter(r -> r.fate().end() == Fate.End.SHUFFLE_DEAD_LETTER || r.fate() == Fate.NO_BID)
                .forEach(r -> counted.merge(r.fate(), 1L, Long::sum));
        assertThat(expected.fates()).isEqualTo(counted);
        assertThat(counted.keySet()).containsAll(OF_SPLIT_RECORDS);
        assertThat(expected.records()).isEqualTo(run.records.size());
        assertThat(expected.events())
                .isEqualTo(run.records.stream().mapToLong(RawRecord::events).sum());
        assertThat(expected.events()).isGreaterThan(expected.records());

        Sums all = expected.campaigns().values().stream().reduce(Sums.NONE, Sums::plus);
        assertThat(all.get(Metric.OFFERED))
                .isEqualTo(run.rows(FunnelTraffic.REQUEST).size());
        assertThat(all.get(Metric.BIDS))
                .isEqualTo(run.rows(FunnelTraffic.RESPONSE).size());
        assertThat(all.get(Metric.IMPRESSIONS))
                .isEqualTo(run.rows(FunnelTraffic.IMPRESSION).size());
        assertThat(all.get(Metric.CLICKS))
                .isEqualTo(run.rows(FunnelTraffic.CLICK).size());
        assertThat(all.get(Metric.CONVERSIONS))
                .isEqualTo(run.rows(FunnelTraffic.CONVERSION).size());
        assertThat(all.get(Metric.SPEND_CPM)).isEqualTo(micros(run.rows(FunnelTraffic.IMPRESSION)));
        assertThat(all.get(Metric.REVENUE)).isEqualTo(micros(run.rows(FunnelTraffic.CONVERSION)));
        assertThat(expected.campaigns().get(FunnelTraffic.NO_BID).values()).containsOnlyKeys(Metric.OFFERED);
    }

    @Test
    void ratiosAreThoseOfTheDescription() {
        Sums all = new Run(2)
                .go(120).traffic.expected().campaigns().values().stream().reduce(Sums.NONE, Sums::plus);
        assertThat(rate(all, Metric.BIDS, Metric.OFFERED)).isCloseTo(0.40, within(0.02));
        assertThat(rate(all, Metric.IMPRESSIONS, Metric.BIDS)).isCloseTo(0.25, within(0.02));
        assertThat(rate(all, Metric.CLICKS, Metric.IMPRESSIONS)).isBetween(0.015, 0.035);
        assertThat(rate(all, Metric.CONVERSIONS, Metric.IMPRESSIONS)).isBetween(0.004, 0.014);
    }

    @Test
    void everyFateKeepsTheDistancesThatMakeItCertain() {
        Run run = new Run(3).go(40);
        run.traffic.finish(run.now);
        Map<String, Made> requests = run.byKey(FunnelTraffic.REQUEST);
        Map<String, Made> responses = run.byKey(FunnelTraffic.RESPONSE);
        Map<String, Made> impressions = run.byKey(FunnelTraffic.IMPRESSION);
        Map<String, Made> clicks = run.byKey(FunnelTraffic.CLICK);
        int before = children(run.rows(FunnelTraffic.RESPONSE), requests, 500);
        assertThat(before).isGreaterThan(100);
        assertThat(children(run.rows(FunnelTraffic.IMPRESSION), responses, 2_200))
                .isZero();
        assertThat(children(run.rows(FunnelTraffic.CLICK), impressions, Generator.MAX_CLICK_DELAY))
                .isGreaterThan(2);
        int ofClicks = 0;
        for (Made conversion : run.rows(FunnelTraffic.CONVERSION)) {
            Made parent = clicks.getOrDefault(conversion.key(), impressions.get(conversion.key()));
            ofClicks += parent.stream().equals(FunnelTraffic.CLICK) ? 1 : 0;
            assertThat(conversion.time() - parent.time()).isBetween(-1_000L, Generator.MAX_CLICK_DELAY + 1_000);
        }
        assertThat(ofClicks).isBetween(1, run.rows(FunnelTraffic.CONVERSION).size() - 1);

        for (Made click : run.of(Fate.OUT_OF_WINDOW)) {
            assertThat(click.time() - impressions.get(click.key()).time()).isBetween(10_500L, 11_500L);
            assertThat(clicks).doesNotContainKey(click.key());
        }
        assertThat(run.of(Fate.NO_PARENT)).isNotEmpty().allMatch(m -> !requests.containsKey(m.key()));
        assertThat(run.of(Fate.LATE)).isNotEmpty().allMatch(m -> m.at() > START + 2_000 && m.time() <= START - 600_000);
        for (Made copy : run.of(Fate.DUPLICATE)) {
            assertThat(copy.at() - copy.time()).isBetween(0L, 3_000L);
        }
        for (Made copy : run.of(Fate.DUPLICATE_OR_LATE)) {
            assertThat(copy.stream()).isEqualTo(FunnelTraffic.REQUEST);
            assertThat(copy.at() - copy.time()).isBetween(14_000L, 18_000L);
        }
    }

    /** Checks every child against its parent; returns how many came before it. */
    private static int children(List<Made> children, Map<String, Made> parents, long latest) {
        int before = 0;
        for (Made child : children) {
            Made parent = parents.get(child.key());
            assertThat(parent).as(child.json().toString()).isNotNull();
            assertThat(child.time() - parent.time()).isBetween(0L, latest);
            assertThat(parent.at() - child.at()).isLessThanOrEqualTo(FunnelTraffic.MAX_LEAD);
            before += parent.at() > child.at() ? 1 : 0;
        }
        return before;
    }

    /** What waited for an event that is never made is no row any more, and nothing follows it. */
    @Test
    void afterAStallWhatIsNoLongerCertainIsNotMade() {
        Run run = new Run(9).go(20);
        Set<String> requests = Set.copyOf(run.byKey(FunnelTraffic.REQUEST).keySet());
        Set<String> impressions = Set.copyOf(run.byKey(FunnelTraffic.IMPRESSION).keySet());
        List<Made> waiting = run.of(Fate.ROW).stream()
                .filter(m -> !requests.contains(m.key())
                        || (m.stream().equals(FunnelTraffic.CLICK) && !impressions.contains(m.key())))
                .toList();
        assertThat(waiting).extracting(Made::stream).contains(FunnelTraffic.RESPONSE);
        Expected before = run.traffic.expected();
        int records = run.records.size();

        run.now += 60_000;
        run.traffic.finish(run.now);

        Expected after = run.traffic.expected();
        assertThat(run.records).hasSize(records);
        assertThat(after.records()).isEqualTo(records);
        assertThat(after.events()).isEqualTo(before.events());
        assertThat(after.of(Fate.ROW)).isEqualTo(before.of(Fate.ROW) - waiting.size());
        assertThat(after.of(Fate.NO_PARENT)).isEqualTo(before.of(Fate.NO_PARENT) + waiting.size());
        long bids = waiting.stream()
                .filter(m -> m.stream().equals(FunnelTraffic.RESPONSE))
                .count();
        assertThat(sum(after, Metric.BIDS)).isEqualTo(sum(before, Metric.BIDS) - bids);
        assertThat(sum(after, Metric.OFFERED)).isEqualTo(sum(before, Metric.OFFERED));
    }

    private static long sum(Expected expected, Metric metric) {
        return expected.campaigns().values().stream()
                .mapToLong(sums -> sums.get(metric))
                .sum();
    }

    private static double rate(Sums sums, Metric part, Metric whole) {
        return (double) sums.get(part) / sums.get(whole);
    }

    private static long micros(List<Made> events) {
        return events.stream()
                .mapToLong(m -> Math.round(m.json().get("price").asDouble() * 1e6))
                .sum();
    }

    private static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
