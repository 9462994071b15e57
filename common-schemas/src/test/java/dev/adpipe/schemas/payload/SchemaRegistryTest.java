package dev.adpipe.schemas.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaRegistryTest {
    private static final String CLICK =
            "{\"schema\": \"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Click\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\",\\\"type\\\":\\\"string\\\"}]}\"}";

    private record Answer(int status, String body) {}

    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private HttpServer server;
    private long nanos;

    @BeforeEach
    void start() throws IOException {
        start(0);
    }

    private void start(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getRawPath();
            synchronized (requests) {
                requests.add(path);
                authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            Answer answer = answers.getOrDefault(path, new Answer(404, "<html>no such page</html>"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksOnceForEachId() {
        answers.put("/schemas/ids/7", new Answer(200, CLICK));
        SchemaRegistry registry = registry("/");
        Schema schema = registry.schema(7);
        assertThat(schema.getFullName()).isEqualTo("Click");
        nanos += Duration.ofDays(365).toNanos();
        assertThat(registry.schema(7)).isSameAs(schema);
        assertThat(requests).containsExactly("/schemas/ids/7");
        assertThat(authorizations).containsExactly("null");
    }

    @Test
    void sendsCredentialsAndKeepsThePathOfTheAddress() {
        answers.put("/api/v6/schemas/ids/7", new Answer(200, CLICK));
        PayloadFormat.ConfluentAvro format = new PayloadFormat.ConfluentAvro(
                URI.create(address() + "/api/v6"), Optional.of(new PayloadFormat.Credentials("me", "se:cret")));
        assertThat(SchemaRegistry.of(format).schema(7).getFullName()).isEqualTo("Click");
        assertThat(authorizations).containsExactly("Basic bWU6c2U6Y3JldA==");
    }

    @Test
    void anUnknownIdIsUnknownForAWhile() {
        answers.put("/schemas/ids/8", new Answer(404, "{\"error_code\": 40403, \"message\": \"Schema 8 not found\"}"));
        SchemaRegistry registry = registry("");
        for (int i = 0; i < 3; i++) {
            MalformedPayloadException e =
                    catchThrowableOfType(MalformedPayloadException.class, () -> registry.schema(8));
            assertThat(e.reason()).isEqualTo("unknown-schema");
            assertThat(e).hasMessageContaining("schema 8").hasMessageContaining("Schema 8 not found");
        }
        assertThat(requests).hasSize(1);

        answers.put("/schemas/ids/8", new Answer(200, CLICK));
        nanos += Duration.ofSeconds(31).toNanos();
        assertThat(registry.schema(8).getFullName()).isEqualTo("Click");
    }

    @Test
    void whatNoRegistryWouldAnswerIsAnOutage() {
        List<Answer> outages = List.of(
                new Answer(500, "{\"error_code\": 50001, \"message\": \"store\"}"),
                new Answer(503, ""),
                new Answer(401, "{\"error_code\": 401, \"message\": \"Unauthorized\"}"),
                new Answer(404, "<html>no such page</html>"),
                new Answer(404, "{\"error_code\": 404, \"message\": \"HTTP 404 Not Found\"}"),
                new Answer(200, "<html>please log in</html>"),
                new Answer(200, "{}"));
        SchemaRegistry registry = registry("");
        for (Answer outage : outages) {
            answers.put("/schemas/ids/9", outage);
            nanos += Duration.ofSeconds(2).toNanos();
            assertThatThrownBy(() -> registry.schema(9))
                    .as(outage.toString())
                    .isInstanceOf(SchemaRegistryUnavailableException.class)
                    .hasMessageContaining(address() + "/schemas/ids/9")
                    .hasMessageContaining("answers " + outage.status());
        }
        answers.put("/schemas/ids/9", new Answer(200, CLICK));
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(registry.schema(9).getFullName()).isEqualTo("Click");
    }

    @Test
    void aRegistryThatIsAwayIsAskedAgainAfterAPause() throws IOException {
        answers.put("/schemas/ids/7", new Answer(200, CLICK));
        SchemaRegistry registry = registry("");
        int port = server.getAddress().getPort();
        server.stop(0);
        assertThatThrownBy(() -> registry.schema(7))
                .isInstanceOf(SchemaRegistryUnavailableException.class)
                .hasMessageContaining("cannot be reached");
        start(port);
        assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(SchemaRegistryUnavailableException.class);
        assertThat(requests).isEmpty();
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(registry.schema(7).getFullName()).isEqualTo("Click");
    }

    @Test
    void schemasOfOtherKindsAreUnknown() {
        answers.put("/schemas/ids/1", new Answer(200, "{\"schemaType\": \"PROTOBUF\", \"schema\": \"message X {}\"}"));
        answers.put("/schemas/ids/2", new Answer(200, "{\"schema\": \"{\\\"type\\\": \\\"nonsense\\\"}\"}"));
        SchemaRegistry registry = registry("");
        assertThatThrownBy(() -> registry.schema(1))
                .isInstanceOf(MalformedPayloadException.class)
                .hasMessageContaining("of type PROTOBUF");
        assertThatThrownBy(() -> registry.schema(2))
                .isInstanceOf(MalformedPayloadException.class)
                .hasMessageContaining("not an Avro schema");
    }

    @Test
    void followsReferencesToOtherSubjects() {
        answers.put("/schemas/ids/3", new Answer(200, """
                {"schema": "{\\"type\\":\\"record\\",\\"name\\":\\"x.A\\",\\"fields\\":[{\\"name\\":\\"b\\",\\"type\\":\\"x.B\\"},{\\"name\\":\\"c\\",\\"type\\":\\"x.C\\"}]}",
                 "references": [{"name": "x.B", "subject": "b value", "version": 2}, {"name": "x.C", "subject": "c", "version": 1}]}
                """));
        answers.put("/subjects/b+value/versions/2", new Answer(200, """
                {"schema": "{\\"type\\":\\"record\\",\\"name\\":\\"x.B\\",\\"fields\\":[{\\"name\\":\\"c\\",\\"type\\":\\"x.C\\"}]}",
                 "references": [{"name": "x.C", "subject": "c", "version": 1}]}
                """));
        answers.put("/subjects/c/versions/1", new Answer(200, """
                {"schema": "{\\"type\\":\\"enum\\",\\"name\\":\\"x.C\\",\\"symbols\\":[\\"P\\"]}"}
                """));
        Schema schema = registry("").schema(3);
        assertThat(schema.getField("b").schema().getField("c").schema().getEnumSymbols())
                .containsExactly("P");
    }

    private SchemaRegistry registry(String path) {
        return new SchemaRegistry(
                new PayloadFormat.ConfluentAvro(URI.create(address() + path), Optional.empty()), () -> nanos);
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
