package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.adpipe.local.CommandException;
import dev.adpipe.schemas.definition.DruidSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Druid's supervisors by HTTP, at an overlord or a router before it. Thread-safe; holds nothing that must be closed.
 *
 * <p>Every call waits for the answer, and throws {@link CommandException} with Druid's own words if it is a refusal.
 */
public final class Overlord {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final String API = "/druid/indexer/v1/supervisor";
    private static final int LONGEST_ANSWER = 4_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String base;
    private final Optional<String> authorization;
    private final UnaryOperator<String> withoutSecrets;
    private final HttpClient http;

    /**
     * @param withoutSecrets cleans what is quoted in errors
     * @throws CommandException if a certificate store cannot be used
     */
    public Overlord(DruidSettings.Overlord overlord, UnaryOperator<String> withoutSecrets) {
        String address = overlord.address().toString();
        this.base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.authorization = overlord.credentials().map(Overlord::basic);
        this.withoutSecrets = withoutSecrets;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                // An overlord that is not the leader sends on to the one that is.
                .followRedirects(HttpClient.Redirect.NORMAL);
        overlord.tls().ifPresent(tls -> builder.sslContext(Certificates.context(tls)));
        this.http = builder.build();
    }

    private static String basic(DruidSettings.Credentials credentials) {
        byte[] pair = (credentials.user() + ":" + credentials.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    /** The specification as Druid has it; empty if there is no such supervisor. */
    public Optional<JsonNode> spec(String supervisor) {
        return find(path(supervisor));
    }

    /** State, tasks, offsets and recent errors; empty if there is no such supervisor. */
    public Optional<JsonNode> status(String supervisor) {
        return find(path(supervisor) + "/status");
    }

    /** What its tasks have read, by task group and task; empty if there is no such supervisor. */
    public Optional<JsonNode> stats(String supervisor) {
        return find(path(supervisor) + "/stats");
    }

    /** Makes a supervisor of this specification, or replaces the one of its datasource. */
    public void submit(JsonNode spec) {
        post(API, spec.toString());
    }

    /** Its tasks publish what they have and end; it starts no more of them. */
    public void suspend(String supervisor) {
        post(path(supervisor) + "/suspend", "");
    }

    public void resume(String supervisor) {
        post(path(supervisor) + "/resume", "");
    }

    /**
     * Sets the offsets of some partitions.
     *
     * @param metadata as Druid keeps it: type, and partitions with stream and offsets
     */
    public void resetOffsets(String supervisor, JsonNode metadata) {
        post(path(supervisor) + "/resetOffsets", metadata.toString());
    }

    private Optional<JsonNode> find(String path) {
        HttpResponse<String> response = send("GET", path, null);
        if (response.statusCode() == 404 && isOfDruid(response)) {
            return Optional.empty();
        }
        return Optional.of(checked("GET", path, response));
    }

    private void post(String path, String body) {
        checked("POST", path, send("POST", path, body));
    }

    /**
     * A wrong address answers 404 to everything; Druid says what it is that is not there: as JSON, or, as version 33 does for a
     * specification, in plain text.
     */
    private static boolean isOfDruid(HttpResponse<String> response) {
        return parse(response.body()).has("error") || response.body().startsWith("Cannot find any supervisor");
    }

    private JsonNode checked(String method, String path, HttpResponse<String> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return parse(response.body());
        }
        String body = withoutSecrets.apply(response.body().strip());
        String shown = body.length() <= LONGEST_ANSWER ? body : body.substring(0, LONGEST_ANSWER) + "..";
        throw CommandException.failed(method + " " + base + path + ": Druid answered HTTP " + status
                + (shown.isEmpty() ? "" : ": " + shown) + hint(status));
    }

    private String hint(int status) {
        if (status == 401 || status == 403) {
            return authorization.isEmpty()
                    ? "\n(no credentials were sent: see output.sink.credentials)"
                    : "\n(the user is that of output.sink.credentials)";
        }
        return status == 404 ? "\n(is output.sink.overlord the address of an overlord, or of a router before it?)" : "";
    }

    private HttpResponse<String> send(String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header("Accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw CommandException.failed(
                    "no Druid answers at output.sink.overlord = " + base + ": " + withoutSecrets.apply(reason(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted while waiting for Druid at " + base, e);
        }
    }

    private static String reason(IOException e) {
        Throwable root = e;
        while (root.getMessage() == null && root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static JsonNode parse(String body) {
        try {
            JsonNode parsed = JSON.readTree(body);
            return parsed == null ? MissingNode.getInstance() : parsed;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String path(String supervisor) {
        return API + "/" + URLEncoder.encode(supervisor, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
