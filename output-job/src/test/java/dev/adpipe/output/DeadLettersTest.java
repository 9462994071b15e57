package dev.adpipe.output;

import static dev.adpipe.output.Pipeline.bytes;
import static dev.adpipe.output.Pipeline.click;
import static dev.adpipe.output.Pipeline.impression;
import static dev.adpipe.output.Pipeline.process;
import static dev.adpipe.output.Pipeline.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.adpipe.runtime.NotReadyException;
import dev.adpipe.schemas.EnvelopeCodec;
import dev.adpipe.schemas.JoinedEvent;
import dev.adpipe.schemas.JoinedEvent.Part;
import dev.adpipe.schemas.PayloadEncoding;
import dev.adpipe.schemas.ShuffledEvent;
import dev.adpipe.testkit.Mode;
import dev.adpipe.testkit.TaskDriver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeadLettersTest {
    private static final byte[] KEY = "key-1".getBytes(StandardCharsets.UTF_8);
    private static final String OUTPUT = """
            dimensions {
              campaign = impression.campaign
              n { field = impression.deep.n, type = long }
              x { field = impression.x, type = double }
              b { field = impression.b, type = boolean }
              host { field = impression.url, steps = [domain] }
            }
            metrics {
              impressions { on = impression, value = 1 }
              spend { on = click, field = click.price, steps = [number] }
              count { on = click, field = click.count, type = long }
            }
            transform = tidy
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"campaign": ["a"]}             | dimension campaign from field campaign of stream impression (event imp-1), value [a]: type string takes one value, not a list
            {"campaign": {"id": 1}}         | value {id=1}: type string takes one value, not an object
            {"deep": {"n": "abc"}}          | dimension n from field deep.n of stream impression (event imp-1), value "abc": type long takes whole numbers
            {"deep": {"n": 1.5}}            | value 1.5: type long takes whole numbers
            {"deep": {"n": 9223372036854775808}} | value 9223372036854775808: type long takes whole numbers
            {"deep": {"n": true}}           | value true: type long takes whole numbers
            {"deep": {"n": {}}}             | value {}: type long takes one value, not an object
            {"x": "NaN"}                    | dimension x from field x of stream impression (event imp-1), value "NaN": type double takes finite numbers
            {"x": 1e400}                    | type double takes finite numbers
            {"b": "maybe"}                  | dimension b from field b of stream impression (event imp-1), value "maybe": type boolean takes true, false, 1 and 0
            {"url": "no url at all"}        | dimension host from field url of stream impression (event imp-1), value "no url at all": step domain takes a URL or a host name
            """)
    void badValuesOfDimensions(String payload, String explanation) {
        assertDeadLetter("bad-value", explanation, impression(payload));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"price": "1,234"}   | metric spend from field price of stream click (event click-1), value "1,234": step number: a single comma
            {"price": "1,2345"}  | value "1,2345": step number: a single comma
            {"price": []}        | value []: step number takes text or a number, not a list
            {"count": 0.5}       | metric count from field count of stream click (event click-1), value 0.5: type long takes whole numbers
            """)
    void badValuesOfMetrics(String payload, String explanation) {
        assertDeadLetter("bad-value", explanation, impression("{}"), click(payload));
    }

    @Test
    void longValuesAreShortened() {
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            process(driver, impression("{\"deep\": {\"n\": \"" + "z".repeat(500) + "\"}}"));
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(l -> assertThat(l.explanation())
                            .contains("z\".. (500 characters): type long")
                            .hasSizeLessThan(400));
        }
    }

    @Test
    void malformedPayloads() {
        assertDeadLetter("malformed", "payload of stream impression, event imp-1: ", impression("{\"campaign\": "));
        assertDeadLetter("malformed", "payload of stream click, event click-1: ", impression("{}"), click("[]"));
    }

    @Test
    void payloadsThatNobodyAsksForAreNotRead() {
        String output = "metrics { impressions { on = impression, value = 1 } }";
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, Mode.STRAIGHT)) {
            process(driver, impression("no json"), click("nor this"));
            assertThat(rows(driver)).hasSize(1);
        }
    }

    @Test
    void unknownSchemas() {
        assertDeadLetter(
                "unknown-schema",
                "payload of stream impression, event imp-1: ",
                new Part(
                        "impression",
                        "imp-1",
                        Pipeline.IMPRESSION_TIME,
                        PayloadEncoding.AVRO_SINGLE_OBJECT,
                        42,
                        bytes("0123456789abc"),
                        Part.ROOT,
                        0));
    }

    @ParameterizedTest
    @EnumSource
    void recordsThatAreNoJoinedEvents(Mode mode) {
        JoinedEvent good = Pipeline.chain("key-1", 1, impression("{}"));
        byte[] bytes = EnvelopeCodec.encode(good);
        try (TaskDriver driver = driver(mode)) {
            driver.process(KEY, null);
            driver.process(KEY, new byte[0]);
            driver.process(KEY, "{\"some\": \"json\"}".getBytes(StandardCharsets.UTF_8));
            driver.process(KEY, Arrays.copyOf(bytes, bytes.length - 1));
            driver.process(
                    KEY,
                    EnvelopeCodec.encode(
                            new ShuffledEvent("impression", "i", 1, PayloadEncoding.JSON, 0, bytes("{}"))));
            driver.process(KEY, EnvelopeCodec.encode(new JoinedEvent("key-1", List.of())));
            driver.process(KEY, EnvelopeCodec.encode(new JoinedEvent("key-1", List.of(impression("{}")))));
            driver.process(KEY, bytes);

            assertThat(driver.deadLetters()).hasSize(7).allSatisfy(l -> {
                assertThat(l.reason()).isEqualTo("malformed");
                assertThat(l.record().key()).isEqualTo(KEY);
            });
            assertThat(driver.deadLetters()).extracting(l -> l.explanation()).satisfies(texts -> {
                assertThat(texts.get(0)).isEqualTo("the record has no value");
                assertThat(texts.get(2)).contains("not a dev.adpipe.JoinedEvent");
                assertThat(texts.get(4)).contains("not a dev.adpipe.JoinedEvent");
                assertThat(texts.get(5)).contains("must count an event").endsWith("holds 0 without");
                assertThat(texts.get(6)).contains("must count an event").endsWith("holds 1 without");
            });
            assertThat(rows(driver)).hasSize(1);
            assertThat(driver.books().encode()).isEqualTo("in:8,added:0,emitted:1,duplicate:0,held:0,d.malformed:7");
            driver.assertBalanced();
        }
    }

    @ParameterizedTest
    @EnumSource
    void failedTransforms(Mode mode) {
        try (TaskDriver driver = driver(mode)) {
            process(driver, impression("{\"campaign\": \"explode\"}"));
            process(driver, impression("{\"campaign\": \"nan\"}"));
            process(driver, impression("{\"campaign\": \"men\"}"));
            assertThat(driver.deadLetters())
                    .allSatisfy(l -> assertThat(l.reason()).isEqualTo("transform-failed"))
                    .extracting(l -> l.explanation())
                    .satisfiesExactly(
                            text -> assertThat(text)
                                    .contains(
                                            "transform tidy threw java.lang.IllegalStateException: cannot tidy this one at",
                                            "TidyTransform"),
                            text -> assertThat(text).contains("field 'bad' cannot be NaN"));
            assertThat(rows(driver)).hasSize(1);
            driver.assertBalanced();
        }
    }

    @Test
    void aTransformThatAsksForABrokenPayloadDoesNotHideIt() {
        String output = "metrics { clicks { on = click, value = 1 } }, transform = tidy";
        OutputJob job = new OutputJob(Pipeline.definition(folder, output));
        try (TaskDriver driver = Pipeline.driver(job, Mode.STRAIGHT)) {
            process(driver, impression("{}"), click("broken"));
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(l -> assertThat(l.reason()).isEqualTo("malformed"));
        }
    }

    @Test
    void rowsTooLargeForTheTopic() {
        int limit = 2 * 1024 + 64 * 1024;
        try (TaskDriver driver = driver(Mode.STRAIGHT)) {
            process(driver, impression("{\"campaign\": \"" + "c".repeat(limit) + "\"}"));
            process(driver, impression("{\"campaign\": \"" + "c".repeat(limit - 1000) + "\"}"));
            assertThat(driver.deadLetters()).singleElement().satisfies(l -> {
                assertThat(l.reason()).isEqualTo("too-large");
                assertThat(l.explanation()).contains("acme.ads.rows takes at most " + (limit - 128));
            });
            assertThat(rows(driver)).hasSize(1);
            driver.assertBalanced();
        }
    }

    @Test
    void aRegistryThatIsAwayIsWaitedFor() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String format = "{ type = confluent-avro, registry = \"http://localhost:" + port + "\" }";
        String output = "dimensions.ref = click.ref, metrics { clicks { on = click, value = 1 } }";
        OutputJob job = new OutputJob(Pipeline.definition(folder, format, output));
        Part click = new Part(
                "click",
                "click-1",
                Pipeline.CLICK_TIME,
                PayloadEncoding.CONFLUENT_AVRO,
                7,
                bytes("\0\0\0\0\7abc"),
                Part.ROOT,
                0);
        try (TaskDriver driver = Pipeline.driver(job, Mode.STRAIGHT)) {
            assertThatThrownBy(() -> process(driver, impression("{}"), click))
                    .isInstanceOf(NotReadyException.class)
                    .hasMessageContaining("localhost:" + port);
            assertThat(driver.books().in()).isZero();
        }
    }

    private void assertDeadLetter(String reason, String explanation, Part... parts) {
        for (Mode mode : Mode.values()) {
            try (TaskDriver driver = driver(mode)) {
                process(driver, parts);
                assertThat(rows(driver)).isEmpty();
                assertThat(driver.deadLetters()).singleElement().satisfies(l -> {
                    assertThat(l.explanation()).contains(explanation);
                    assertThat(l.reason()).isEqualTo(reason);
                });
                assertThat(driver.books().deadLetteredByReason()).containsEntry(reason, 1L);
                driver.assertBalanced();
            }
        }
    }

    private TaskDriver driver(Mode mode) {
        return Pipeline.driver(new OutputJob(Pipeline.definition(folder, OUTPUT)), mode);
    }
}
