package dev.adpipe.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.schemas.definition.PayloadFormat;
import dev.adpipe.schemas.definition.PipelineDefinition;
import dev.adpipe.schemas.definition.StreamDefinition.TimeFormat;
import dev.adpipe.testkit.DeadLetter;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.Output;
import dev.adpipe.testkit.TaskDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShuffleAvroTest {
    private static final long NOW = 1_574_553_663_979L;
    private static final Schema CLICK = new Schema.Parser().parse("""
            {"type": "record", "name": "Click", "fields": [
              {"name": "imp_id", "type": ["null", "string"]},
              {"name": "click_id", "type": {"type": "fixed", "name": "Id", "size": 4}},
              {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "tail", "type": {"type": "map", "values": "double"}}]}
            """);
    private static final long FINGERPRINT = SchemaNormalization.parsingFingerprint64(CLICK);

    @TempDir
    Path folder;

    @Test
    void bareAvro() throws IOException {
        PayloadFormat format = new PayloadFormat.Avro(schemaFile());
        try (TaskDriver driver = driver(format)) {
            byte[] good = binary(click("i1"));
            driver.process(null, good);
            driver.process(null, binary(click(null)));
            driver.process(null, Arrays.copyOf(good, good.length - 1));
            driver.process(null, Arrays.copyOf(good, good.length + 1));
            assertSent(driver, PayloadEncoding.AVRO, FINGERPRINT, good);
            assertRefused(driver, "no-key", "malformed", "malformed");
        }
    }

    @Test
    void singleObjects() throws IOException {
        PayloadFormat format = new PayloadFormat.AvroSingleObject(List.of(schemaFile()));
        try (TaskDriver driver = driver(format)) {
            ByteBuffer buffer = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), CLICK).encode(click("i1"));
            byte[] good = new byte[buffer.remaining()];
            buffer.get(good);
            byte[] unknown = good.clone();
            unknown[2]++;
            driver.process(null, good);
            driver.process(null, unknown);
            driver.process(null, binary(click("i1")));
            assertSent(driver, PayloadEncoding.AVRO_SINGLE_OBJECT, FINGERPRINT, good);
            assertRefused(driver, "unknown-schema", "malformed");
        }
    }

    @Test
    void confluentAvroWaitsForTheRegistryAndRefusesOnlyWhatItDoesNotKnow() throws IOException {
        HttpServer down = registry(0, 500);
        int port = down.getAddress().getPort();
        PayloadFormat format =
                new PayloadFormat.ConfluentAvro(URI.create("http://127.0.0.1:" + port), Optional.empty());
        byte[] good = confluent(300, click("i1"));
        try (TaskDriver driver = driver(format)) {
            assertThatThrownBy(() -> driver.process(null, good))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("answers 500");
            down.stop(0);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(() -> driver.process(null, good))
                            .isInstanceOf(NotReadyException.class)
                            .hasMessageContaining("cannot be reached"));
            assertThat(driver.books().in()).isZero();

            HttpServer up = registry(port, 200);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreException(NotReadyException.class)
                    .untilAsserted(() -> driver.process(null, good));
            driver.process(null, confluent(301, click("i1")));
            driver.process(null, binary(click("i1")));
            up.stop(0);
            assertSent(driver, PayloadEncoding.CONFLUENT_AVRO, 300, good);
            assertRefused(driver, "unknown-schema", "malformed");
            assertThat(driver.deadLetters().get(0).explanation()).contains("schema 301 of the registry");
        }
    }

    private static void assertSent(TaskDriver driver, PayloadEncoding encoding, long schemaId, byte[] payload) {
        List<Output> outputs = driver.outputs("acme.ads.shuffled");
        assertThat(outputs).hasSize(1);
        assertThat(outputs.get(0).keyText()).isEqualTo("i1");
        assertThat(EnvelopeCodec.decodeShuffled(outputs.get(0).value()))
                .isEqualTo(new ShuffledEvent("click", "00ff0a10", NOW, encoding, schemaId, ByteBuffer.wrap(payload)));
    }

    private static void assertRefused(TaskDriver driver, String... reasons) {
        assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly(reasons);
        driver.assertBalanced();
    }

    private static HttpServer registry(int port, int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals("/schemas/ids/300");
            String schema = CLICK.toString().replace("\"", "\\\"");
            byte[] body = (known
                            ? "{\"schema\": \"" + schema + "\"}"
                            : "{\"error_code\": 40403, \"message\": \"Schema not found\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == 200 && !known ? 404 : status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static TaskDriver driver(PayloadFormat format) {
        PipelineDefinition definition = Definitions.of(
                Definitions.stream("click", format, "imp_id", "click_id", TimeFormat.EPOCH_MICROS, Optional.empty()));
        return ShuffleTaskTest.driver(definition, Mode.STRAIGHT);
    }

    private Path schemaFile() throws IOException {
        return Files.writeString(folder.resolve("click.avsc"), CLICK.toString());
    }

    private static GenericRecord click(String impression) {
        GenericRecord click = new GenericData.Record(CLICK);
        click.put("imp_id", impression);
        click.put(
                "click_id",
                new GenericData.Fixed(CLICK.getField("click_id").schema(), new byte[] {0, (byte) 0xFF, 10, 16}));
        click.put("ts", NOW * 1_000 + 999);
        click.put("tail", java.util.Map.of("x", 1.5));
        return click;
    }

    private static byte[] confluent(int id, GenericRecord record) throws IOException {
        byte[] body = binary(record);
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(id)
                .put(body)
                .array();
    }

    private static byte[] binary(GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
