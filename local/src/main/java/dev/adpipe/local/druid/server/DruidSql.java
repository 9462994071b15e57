package dev.adpipe.local.druid.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Druid's SQL over HTTP. Thread-safe. */
public final class DruidSql {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;

    private final URI url;
    private final DruidHttp http = new DruidHttp(Duration.ofSeconds(20));

    public DruidSql(URI broker) {
        this.url = broker.resolve("/druid/v2/sql");
    }

    /** Where queries are sent. */
    public URI url() {
        return url;
    }

    /**
     * The rows of the answer, an object each; none while Druid does not know the table, as before its first row.
     *
     * @throws DruidException if Druid refuses the query, in its own words, or does not answer
     */
    public List<JsonNode> query(String sql) throws InterruptedException {
        HttpResponse<String> answer = send(sql);
        if (answer.statusCode() == OK) {
            return rows(answer.body());
        }
        if (saysThatTheTableIsUnknown(answer.body())) {
            return List.of();
        }
        throw new DruidException(
                "Druid at " + url + " answers " + sql + " with " + answer.statusCode() + ": " + answer.body());
    }

    /** The same, but nothing while it does not answer, or has no answer yet. */
    public Optional<List<JsonNode>> tryQuery(String sql) throws InterruptedException {
        try {
            return Optional.of(query(sql));
        } catch (DruidException e) {
            return Optional.empty();
        }
    }

    boolean answers() throws InterruptedException {
        return tryQuery("SELECT 1").isPresent();
    }

    private HttpResponse<String> send(String sql) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("query", sql);
        try {
            return http.post(url, body.toString());
        } catch (IOException e) {
            throw new DruidException("Druid at " + url + " does not answer: " + e, e);
        }
    }

    private static List<JsonNode> rows(String body) {
        try {
            return StreamSupport.stream(JSON.readTree(body).spliterator(), false)
                    .toList();
        } catch (IOException e) {
            throw new DruidException("Druid's answer is no JSON: " + body, e);
        }
    }

    private static boolean saysThatTheTableIsUnknown(String body) {
        return body.contains("Object '") && body.contains("not found");
    }
}
