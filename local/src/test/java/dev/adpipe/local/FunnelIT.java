package dev.adpipe.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.runtime.Books;
import dev.adpipe.schemas.definition.DefinitionLoader;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three auctions, event by event, through {@code examples/funnel.conf}: every stage's books and every row. */
class FunnelIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path EXAMPLES =
            Path.of("").toAbsolutePath().getParent().resolve("examples");
    private static final List<String> COUNTS = List.of("offered", "bids", "impressions", "clicks", "conversions");

    private final long start = System.currentTimeMillis() - 600_000;

    @Test
    void everyEventIsOneRowUnderWhatWentBeforeIt(@TempDir Path dir) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(dir.resolve("kafka"))) {
            Path file = Files.writeString(dir.resolve("funnel.conf"), """
                    include required(file("%s"))
                    pipeline.kafka.bootstrap.servers = "%s"
                    pipeline.shuffle.partitions = 2
                    pipeline.output.lookups.campaigns.path = "%s"
                    pipeline.runtime.state-memory = 64MiB
                    """.formatted(
                    EXAMPLES.resolve("funnel.conf"), kafka.bootstrapServers(), EXAMPLES.resolve("campaigns.csv")));
            PipelineDefinition definition = DefinitionLoader.load(file);
            adpipe("provision", file.toString(), "--create-raw-topics", "2");

            // Children first. What a conversion belongs to depends on what is there, so conversions come when all is.
            send(kafka, "clicks", click("clk-1", "A", 1, 5_000));
            send(kafka, "impressions", impression("A", 1, 2_000, "2.00"), impression("B", 3, 2_000, "0.75"));
            send(
                    kafka,
                    "bid-responses",
                    responseOfTwoSeats(),
                    response("B", "[{\"bid\": [" + bid(3, "c-103", "1.25") + "]}]"));
            send(kafka, "bid-responses", response("C", "[]"));
            String requestA = request("A", imp("1", "top", 300), imp("2", "side", 728));
            send(kafka, "bid-requests", requestA, request("C", imp("1", "c1", 320)));
            send(kafka, "bid-requests", request("B", imp("1", "b1", 1), imp("2", "b2", 2), imp("3", "b3", 3)));
            adpipe("run", file.toString(), "--until-drained");

            send(kafka, "conversions", conversion("cnv-1", "A", 1, 9_000, "49.90"));
            send(kafka, "conversions", conversion("cnv-2", "B", 3, 9_000, "5"));
            // A copy of two events, a request of which one imp has no id, a click of which nothing else is known.
            String bad = request("D", imp("1", "d1", 1), "{\"tagid\": \"d2\"}");
            send(kafka, "bid-requests", requestA, bad);
            send(kafka, "clicks", click("clk-2", "E", 1, 5_000));
            adpipe("run", file.toString(), "--until-drained");

            assertThat(books(kafka, definition, "shuffle"))
                    .isEqualTo("in:14,added:4,emitted:17,duplicate:0,held:0,d.no-key:1");
            assertThat(books(kafka, definition, "join")).isEqualTo("in:17,added:0,emitted:14,duplicate:2,held:1");
            assertThat(books(kafka, definition, "output")).isEqualTo("in:14,added:0,emitted:14,duplicate:0,held:0");
            assertThat(rows(kafka, definition))
                    .containsExactlyInAnyOrder(
                            "offered no bid top 300 no",
                            "offered no bid side 728 no",
                            "offered no bid b1 1 no",
                            "offered no bid b2 2 no",
                            "offered no bid b3 3 no",
                            "offered no bid c1 320 no",
                            "bids Spring shoes top 300 no bid_cpm 2.5",
                            "bids City bikes side 728 no bid_cpm 1.5",
                            "bids Fresh coffee b3 3 no bid_cpm 1.25",
                            "impressions Spring shoes top 300 no spend_cpm 2.0",
                            "impressions Fresh coffee b3 3 no spend_cpm 0.75",
                            "clicks Spring shoes top 300 yes",
                            "conversions Spring shoes top 300 yes revenue 49.9",
                            "conversions Fresh coffee b3 3 no revenue 5.0");
            assertThat(TopicDump.read(
                            kafka.bootstrapServers(), definition.topics().deadLetter()))
                    .extracting(letter -> text(letter.value()))
                    .containsExactly(bad);
        }
    }

    /** What each row counts, under which dimensions, and its amounts. */
    private static List<String> rows(EmbeddedKafka kafka, PipelineDefinition definition) throws IOException {
        List<String> rows = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TopicDump.read(kafka.bootstrapServers(), definition.topics().rows())) {
            JsonNode row = JSON.readTree(record.value());
            List<String> words = new ArrayList<>();
            COUNTS.stream().filter(name -> row.get(name).asLong() == 1).forEach(words::add);
            Stream.of("campaign", "placement", "width", "after_click")
                    .forEach(name -> words.add(row.get(name).asText()));
            Stream.of("bid_cpm", "spend_cpm", "revenue")
                    .filter(name -> row.get(name).asDouble() != 0)
                    .forEach(name -> words.add(name + " " + row.get(name).asDouble()));
            rows.add(String.join(" ", words));
        }
        return rows;
    }

    private String request(String id, String... imps) {
        return "{\"id\": \"" + id + "\", \"timestamp\": " + start + ", \"imp\": [" + String.join(", ", imps)
                + "], \"site\": {\"domain\": \"news.example.com\"}}";
    }

    private static String imp(String id, String placement, int width) {
        return "{\"id\": \"" + id + "\", \"tagid\": \"" + placement + "\", \"banner\": {\"w\": " + width + "}}";
    }

    private String responseOfTwoSeats() {
        return response(
                "A",
                "[{\"seat\": \"s1\", \"bid\": [" + bid(2, "c-102", "1.5") + "]}, {\"bid\": [" + bid(1, " C-101", "2.5")
                        + "], \"seat\": \"s2\"}]");
    }

    private String response(String id, String seats) {
        return "{\"id\": \"" + id + "\", \"timestamp\": " + (start + 100) + ", \"cur\": \"USD\", \"seatbid\": " + seats
                + "}";
    }

    private static String bid(int imp, String campaign, String price) {
        return "{\"id\": \"bid-" + imp + campaign.strip() + "\", \"impid\": \"" + imp + "\", \"cid\": \"" + campaign
                + "\", \"price\": " + price + "}";
    }

    private String impression(String auction, int imp, long after, String price) {
        return "{" + keys(auction, imp, after) + ", \"price\": " + price + "}";
    }

    private String click(String id, String auction, int imp, long after) {
        return "{\"click_id\": \"" + id + "\", " + keys(auction, imp, after) + "}";
    }

    private String conversion(String id, String auction, int imp, long after, String price) {
        return "{\"conversion_id\": \"" + id + "\", " + keys(auction, imp, after) + ", \"price\": " + price + "}";
    }

    private String keys(String auction, int imp, long after) {
        return "\"id\": \"" + auction + "\", \"impid\": \"" + imp + "\", \"timestamp\": \""
                + Instant.ofEpochMilli(start + after) + "\"";
    }

    private static void send(EmbeddedKafka kafka, String topic, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                TopicDump.properties(kafka.bootstrapServers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String value : values) {
                var unused = producer.send(
                        new ProducerRecord<>("acme.raw." + topic, value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static String books(EmbeddedKafka kafka, PipelineDefinition definition, String stage) {
        Books books =
                TopicDump.books(kafka.bootstrapServers(), definition.topics().group(stage));
        return books.encode();
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    private static void adpipe(String... args) {
        StringWriter err = new StringWriter();
        int code = Adpipe.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args);
        assertThat(code).as("adpipe " + String.join(" ", args) + ": " + err).isZero();
    }
}
