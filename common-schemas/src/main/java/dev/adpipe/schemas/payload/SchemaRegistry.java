package dev.adpipe.schemas.payload;

import static dev.adpipe.schemas.payload.MalformedPayloadException.unknownSchema;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.schemas.definition.PayloadFormat;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Schemas by id from a registry with Confluent's interface. What an id means never changes, so an answer is kept for
 * ever; that an id is unknown is believed for a while only.
 *
 * <p>For one thread at a time; {@link #schema} may wait for the network.
 */
final class SchemaRegistry {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    // A caller that tries again at once, for each of its partitions, must not wait for the timeout each time.
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long UNKNOWN_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int UNKNOWN_KEPT = 1_000;
    private static final int DEEPEST_REFERENCE = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final Optional<String> authorization;
    private final LongSupplier nanoTime;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final Map<Integer, Schema> known = new HashMap<>();
    private final Map<Integer, Unknown> unknown = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Unknown> eldest) {
            return size() > UNKNOWN_KEPT;
        }
    };
    private SchemaRegistryUnavailableException lastFailure;
    private long lastFailureAt;

    private record Unknown(String message, long since) {}

    SchemaRegistry(PayloadFormat.ConfluentAvro format, LongSupplier nanoTime) {
        String address = format.registry().toString();
        this.base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.authorization = format.credentials()
                .map(c -> "Basic "
                        + Base64.getEncoder()
                                .encodeToString((c.user() + ":" + c.password()).getBytes(StandardCharsets.UTF_8)));
        this.nanoTime = nanoTime;
    }

    static SchemaRegistry of(PayloadFormat.ConfluentAvro format) {
        return new SchemaRegistry(format, System::nanoTime);
    }

    /**
     * @throws MalformedPayloadException          if the registry does not know the id, or its schema is not Avro
     * @throws SchemaRegistryUnavailableException if the registry is away or out of order
     */
    Schema schema(int id) {
        Schema schema = known.get(id);
        if (schema == null) {
            schema = ask(id);
            known.put(id, schema);
        }
        return schema;
    }

    private Schema ask(int id) {
        Unknown refused = unknown.get(id);
        if (refused != null && nanoTime.getAsLong() - refused.since() < UNKNOWN_NANOS) {
            throw unknownSchema(refused.message());
        }
        if (lastFailure != null && nanoTime.getAsLong() - lastFailureAt < PAUSE_NANOS) {
            throw lastFailure;
        }
        try {
            Schema schema = fetch(id);
            lastFailure = null;
            unknown.remove(id);
            return schema;
        } catch (MalformedPayloadException e) {
            lastFailure = null;
            unknown.put(id, new Unknown(e.getMessage(), nanoTime.getAsLong()));
            throw e;
        } catch (SchemaRegistryUnavailableException e) {
            lastFailure = e;
            lastFailureAt = nanoTime.getAsLong();
            throw e;
        }
    }

    private Schema fetch(int id) {
        String what = "schema " + id + " of the registry " + base;
        JsonNode answer = get("/schemas/ids/" + id, what);
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw unknownSchema(what + " is of type " + type + ", not AVRO");
        }
        try {
            Schema.Parser parser = WriterSchemas.parser();
            parseReferences(answer, parser, 0);
            return parser.parse(answer.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw unknownSchema(what + " is not an Avro schema: " + e.getMessage());
        }
    }

    /** Named types that the schema uses but another subject defines; the parser must meet them first. */
    private void parseReferences(JsonNode answer, Schema.Parser parser, int depth) {
        if (depth > DEEPEST_REFERENCE) {
            throw unknownSchema("the schema's references nest more than " + DEEPEST_REFERENCE + " deep");
        }
        for (JsonNode reference : answer.path("references")) {
            if (parser.getTypes().containsKey(reference.path("name").asText())) {
                continue;
            }
            String subject = reference.path("subject").asText();
            int version = reference.path("version").asInt();
            JsonNode referred = get(
                    "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions/" + version,
                    "version " + version + " of subject " + subject + " of the registry " + base);
            parseReferences(referred, parser, depth + 1);
            parser.parse(referred.path("schema").asText());
        }
    }

    private JsonNode get(String path, String what) {
        HttpResponse<String> response = send(path);
        JsonNode body = parse(response.body());
        if (response.statusCode() == 200 && body != null && body.path("schema").isTextual()) {
            return body;
        }
        int error = body == null ? 0 : body.path("error_code").asInt();
        if (response.statusCode() == 404 && error / 100 == 404) {
            throw unknownSchema(
                    what + " does not exist: " + body.path("message").asText("not found"));
        }
        // A 404 without the registry's own error code comes from a wrong address or a proxy, and would otherwise turn
        // every event into a dead letter.
        throw new SchemaRegistryUnavailableException(
                "the schema registry answers " + response.statusCode() + " to GET " + base + path
                        + (error == 0 ? ", and not as a registry does; is the address right?" : ", error " + error),
                null);
    }

    private HttpResponse<String> send(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).header("Accept", "application/json");
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new SchemaRegistryUnavailableException("the schema registry " + base + " cannot be reached: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaRegistryUnavailableException("interrupted while asking the schema registry " + base, e);
        }
    }

    /** Null if it is no JSON. */
    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return null;
        }
    }
}
