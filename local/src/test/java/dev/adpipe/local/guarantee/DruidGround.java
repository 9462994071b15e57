package dev.adpipe.local.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.Adpipe;
import dev.adpipe.local.druid.server.DruidJars;
import dev.adpipe.local.druid.server.DruidServer;
import dev.adpipe.local.druid.server.DruidSql;
import dev.adpipe.local.process.Ports;
import dev.adpipe.local.supervisor.Overlord;
import dev.adpipe.schemas.definition.DruidSettings;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka and a Druid, each a process that may be killed. Used by one thread. */
final class DruidGround implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path dir;
    private final BrokerCluster kafka;
    private final DruidServer druid;
    private final DruidSql sql;

    /** Returns when both are ready. */
    DruidGround(Path dir) throws InterruptedException {
        this.dir = dir;
        List<Path> jars =
                DruidJars.besideOurClasses().find(fetched -> System.out.println("fetching Druid: " + fetched));
        druid = new DruidServer(dir.resolve("druid"), jars);
        druid.start();
        try {
            kafka = new BrokerCluster(dir, 1, List.of(), new Ports(), 400);
            druid.awaitReady(PATIENCE);
        } catch (RuntimeException e) {
            druid.close();
            throw e;
        }
        sql = new DruidSql(druid.broker());
    }

    DruidServer druid() {
        return druid;
    }

    BrokerCluster kafka() {
        return kafka;
    }

    URI overlordUrl() {
        return druid.overlord();
    }

    Overlord overlord() {
        return new Overlord(
                new DruidSettings.Overlord(druid.overlord(), Optional.empty(), Optional.empty()),
                UnaryOperator.identity());
    }

    /** A definition of impressions and clicks under this name, whose datasource has it too. */
    Path pipeline(String name) throws IOException {
        return Files.writeString(dir.resolve(name + ".conf"), """
                pipeline {
                  customer = druid
                  name = NAME
                  kafka.bootstrap.servers = "KAFKA"
                  streams = [
                    { name = impression, topics = ["NAME.impressions"], format = json, key = id, event-id = id
                      time = { field = time, format = epoch-millis } }
                    { name = click, topics = ["NAME.clicks"], format = json, key = id, event-id = click_id, within = 1h
                      time = { field = time, format = epoch-millis } }
                  ]
                  shuffle { partitions = 2, tick-interval = 250ms, idle-after = 2m }
                  join { lateness = 1m, skew = 1m }
                  output {
                    dimensions {
                      campaign = impression.campaign
                      number = { field = impression.number, type = long }
                    }
                    metrics {
                      impressions = { on = impression, value = 1 }
                      clicks = { on = click, value = 1 }
                      price = { on = impression, field = impression.price, type = long }
                    }
                    sink { type = druid-kafka, datasource = NAME, overlord = "DRUID", segment-granularity = day
                           io { startDelay = PT1S, period = PT5S } }
                  }
                  runtime {
                    commit-interval = 200ms, state-dir = "state-NAME", state-memory = 64MiB
                    session-timeout = 6s, transaction-timeout = 5s
                  }
                }
                """.replace("NAME", name)
                .replace("KAFKA", kafka.direct())
                .replace("DRUID", druid.overlord().toString()));
    }

    /** What a user types; it must end well. */
    static void adpipe(String... words) {
        StringWriter said = new StringWriter();
        int code = Adpipe.run(new PrintWriter(said), new PrintWriter(said), words);
        if (code != 0) {
            throw new AssertionError("adpipe " + String.join(" ", words) + " ended with " + code + ": " + said);
        }
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> p = new HashMap<>(more);
        p.put("bootstrap.servers", kafka.direct());
        p.put("enable.idempotence", true);
        p.put("acks", "all");
        p.put("delivery.timeout.ms", 300_000);
        p.put("reconnect.backoff.max.ms", 500L);
        return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    List<JsonNode> ask(String query) {
        try {
            return sql.tryQuery(query).orElse(List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sums of a datasource, all 0 before its first row and while Druid does not answer. */
    Sums sums(String datasource) {
        List<JsonNode> rows =
                ask("SELECT SUM(impressions) AS impressions, SUM(clicks) AS clicks, SUM(price) AS price FROM "
                        + datasource);
        return rows.isEmpty()
                ? new Sums(0, 0, 0)
                : new Sums(
                        rows.get(0).path("impressions").asLong(),
                        rows.get(0).path("clicks").asLong(),
                        rows.get(0).path("price").asLong());
    }

    /** Which impressions are in a topic or in Druid but not in the next, so that one knows where they were lost. */
    String missing(PipelineDefinition definition, String datasource) {
        Set<Long> raw = numbers(datasource + ".impressions", "/number");
        Set<Long> rows = numbers(definition.topics().rows(), "/impressions", "/number");
        Map<Long, Long> druid = new TreeMap<>();
        ask("SELECT number, SUM(impressions) AS impressions FROM " + datasource + " GROUP BY number")
                .forEach(row -> druid.put(
                        row.get("number").asLong(), row.get("impressions").asLong()));
        return "in raw, not in rows: " + without(raw, rows) + "; in rows, not in Druid: "
                + without(rows, druid.keySet()) + "; counted otherwise than once in Druid: "
                + druid.entrySet().stream().filter(e -> e.getValue() != 1).toList() + "; unmatched: "
                + records(definition.topics().unmatched()) + "; dead letters: "
                + records(definition.topics().deadLetter());
    }

    private static Set<Long> without(Set<Long> all, Set<Long> some) {
        Set<Long> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** Of all committed records that have a 1 at the first paths; the number at the last. */
    private Set<Long> numbers(String topic, String... paths) {
        Set<Long> numbers = new TreeSet<>();
        for (byte[] value : records(topic, new ArrayList<>())) {
            try {
                JsonNode json = JSON.readTree(value);
                if (paths.length == 1 || json.at(paths[0]).asLong() == 1) {
                    numbers.add(json.at(paths[paths.length - 1]).asLong());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return numbers;
    }

    private int records(String topic) {
        return records(topic, new ArrayList<>()).size();
    }

    private List<byte[]> records(String topic, List<byte[]> values) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.direct(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    record Sums(long impressions, long clicks, long price) {
        Sums plus(Sums other) {
            return new Sums(impressions + other.impressions, clicks + other.clicks, price + other.price);
        }
    }

    @Override
    public void close() {
        kafka.close();
        druid.close();
    }
}
