package dev.adpipe.local.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.runtime.Books;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares what the pipeline has made with {@link BatchJoin} over the raw topics, row by row, when everything is drained
 * and decided. Each event must have ended once: as a row of the right content, or unmatched. What depends on the order of
 * arrival is compared as a set: a copy is a duplicate or, its key being dead, late; an open event ({@link Traffic}) has a
 * row or is late; a click out of its window is that or, its impression's key being dead, without a parent.
 *
 * <p>Used by one thread, once.
 */
final class Checker {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kafka kafka;
    private final Topics topics;
    private final BatchJoin oracle;
    private final Findings findings = new Findings();
    private final Map<String, List<String>> rows = new HashMap<>();
    private final Map<String, Map<String, Integer>> unmatched = new HashMap<>();
    private final RowTimes times = new RowTimes();
    private long rowCount;
    private long lateCopies;
    private long lost;
    private long twice;
    private long wrong;

    Checker(Kafka kafka, ProofPipeline pipeline, ProofPipeline.Times times) {
        this.kafka = kafka;
        this.topics = pipeline.topics();
        this.oracle = new BatchJoin(
                times.within().toMillis(),
                times.skew().toMillis(),
                pipeline.direct().shuffle().maxSkew().toMillis());
    }

    /** What the comparison came to. */
    Verdict check() {
        kafka.read(ProofPipeline.IMPRESSIONS, record -> {
            times.input(record.timestamp());
            oracle.impression(record.value(), record.timestamp(), place(record));
        });
        for (String topic : List.of(ProofPipeline.CLICKS, ProofPipeline.CLICKS_AHEAD)) {
            kafka.read(topic, record -> oracle.click(record.value(), record.timestamp(), place(record)));
        }
        kafka.read(topics.rows(), this::row);
        kafka.read(topics.unmatched(), this::unmatched);
        oracle.forEachRow(this::compare);
        rows.forEach((event, surplus) -> surplus.forEach(row -> wrong("row of nothing that was sent", event, row)));
        unmatched.forEach((event, reasons) -> wrong("unmatched, and nothing that was sent", event, reasons));
        long deadLetters = deadLetters();
        Books shuffle = kafka.books(topics.group("shuffle"));
        Books join = kafka.books(topics.group("join"));
        Books output = kafka.books(topics.group("output"));
        balance(shuffle, join, output, deadLetters);
        times.sort();
        return new Verdict(
                findings,
                times,
                List.of(
                        new Verdict.Figure("raw records", oracle.records()),
                        new Verdict.Figure("rows", rowCount),
                        new Verdict.Figure("lost", lost),
                        new Verdict.Figure("twice", twice),
                        new Verdict.Figure("wrong", wrong),
                        new Verdict.Figure("unmatched", join.unmatched()),
                        new Verdict.Figure("duplicates", join.duplicate()),
                        new Verdict.Figure("dead letters", deadLetters),
                        new Verdict.Figure("poison", oracle.refused().size())));
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    private void row(ConsumerRecord<byte[], byte[]> record) {
        rowCount++;
        times.row(record.partition(), record.timestamp());
        try {
            JsonNode row = JSON.readTree(record.value());
            boolean click = row.path("clicks").asInt() == 1;
            if (row.path("impressions").asInt() != (click ? 0 : 1)) {
                wrong("row that counts neither or both", place(record), row);
                return;
            }
            String impression = row.path("imp_id").asText();
            String id = click ? row.path("click_id").asText() : "-";
            String text = BatchJoin.row(
                    Instant.parse(row.path("__time").asText()).toString(),
                    impression,
                    id,
                    row.path("campaign").asText(),
                    row.path("price").asLong());
            rows.computeIfAbsent(BatchJoin.name(!click, click ? id : impression), k -> new ArrayList<>(1))
                    .add(text);
        } catch (IOException | RuntimeException e) {
            wrong("row that cannot be read", place(record), e);
        }
    }

    private void unmatched(ConsumerRecord<byte[], byte[]> record) {
        ShuffledEvent event = EnvelopeCodec.decodeShuffled(record.value());
        String reason = header(record, "adpipe.reason");
        unmatched
                .computeIfAbsent(
                        BatchJoin.name(event.stream().equals("impression"), event.eventId()), k -> new HashMap<>(2))
                .merge(reason, 1, Integer::sum);
    }

    /** One event: what must have become of it, and what has. */
    private void compare(String event, String expected) {
        List<String> found = orEmpty(rows.remove(event));
        Map<String, Integer> reasons = unmatched.remove(event);
        Map<String, Integer> other = reasons == null ? new HashMap<>() : reasons;
        boolean open = event.startsWith(Traffic.OPEN) || event.startsWith("click/" + Traffic.OPEN);
        int late = other.getOrDefault("late", 0);
        int unmatchedOnce = other.values().stream().mapToInt(Integer::intValue).sum() - late;
        int fates = found.size() + unmatchedOnce + (open ? late : 0);
        found.stream()
                .filter(row -> !row.equals(expected))
                .forEach(row -> wrong("row, must be " + expected, event, row));
        if (fates > 1) {
            twice++;
            findings.add("twice", event + ": " + found + (other.isEmpty() ? "" : ", unmatched " + other));
        } else if (fates == 0) {
            lost++;
            findings.add(
                    "lost",
                    event + ": " + (expected == null ? "must be unmatched" : expected)
                            + (other.isEmpty() ? "" : ", unmatched " + other));
        } else if (expected != null && unmatchedOnce > 0) {
            wrong("unmatched, must be " + expected, event, other);
        }
        if (!open) {
            lateCopies += late;
            if (late > oracle.occurrences().get(event) - 1) {
                wrong("late more often than there are copies", event, other);
            }
        }
    }

    private void wrong(String what, String where, Object found) {
        wrong++;
        findings.add("wrong", where + ": " + found + " (" + what + ")");
    }

    /** Each names its source; those must be the poison, each once. */
    private long deadLetters() {
        Map<String, Integer> found = new HashMap<>();
        kafka.read(
                topics.deadLetter(),
                record -> found.merge(
                        header(record, "adpipe.topic") + "-" + header(record, "adpipe.partition") + "@"
                                + header(record, "adpipe.offset"),
                        1,
                        Integer::sum));
        found.forEach((place, count) -> {
            if (!oracle.refused().contains(place)) {
                findings.add("dead letters", place + " is one and is no poison");
            } else if (count > 1) {
                findings.add("dead letters", place + " is one " + count + " times");
            }
        });
        oracle.refused().stream()
                .filter(place -> !found.containsKey(place))
                .forEach(place -> findings.add("dead letters", place + " is poison and is none"));
        return found.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void balance(Books shuffle, Books join, Books output, long deadLetters) {
        findings.expect("shuffle, in minus out", 0, shuffle.imbalance());
        findings.expect("join, in minus out", 0, join.imbalance());
        findings.expect("output, in minus out", 0, output.imbalance());
        findings.expect("shuffle in", oracle.records(), shuffle.in());
        findings.expect("dead letters in the books", deadLetters, shuffle.deadLettered());
        findings.expect("join in, by what shuffle emitted", shuffle.emitted(), join.in());
        findings.expect("output in, by what join emitted", join.emitted(), output.in());
        findings.expect("rows, by what output emitted", output.emitted(), rowCount);
        findings.expect("held at the end", 0, join.held());
        long copies = 0;
        for (Map.Entry<String, Integer> event : oracle.occurrences().entrySet()) {
            copies += event.getValue() - 1;
        }
        findings.expect("duplicates and late copies", copies, join.duplicate() + lateCopies);
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
