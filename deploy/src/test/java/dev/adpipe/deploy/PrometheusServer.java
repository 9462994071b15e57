package dev.adpipe.deploy;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.adpipe.local.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The real Prometheus of this machine, with the configuration and the rules of docker-compose.yml, but quicker. */
final class PrometheusServer implements AutoCloseable {
    private static final String CONFIG = "deploy/monitoring/prometheus/prometheus.yml";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Process process;

    /** A series and its value now. */
    record Point(Map<String, String> labels, double value) {}

    /**
     * @param targets where the containers are, by how the configuration calls them
     */
    static PrometheusServer start(Path dir, Ports ports, Map<String, String> targets) throws IOException {
        String config = Repository.read(CONFIG);
        for (Map.Entry<String, String> target : targets.entrySet()) {
            config = replaced(config, "\"" + target.getKey() + "\"", "\"" + target.getValue() + "\"");
        }
        config = replaced(config, "scrape_interval: 5s", "scrape_interval: 1s");
        config = replaced(config, "evaluation_interval: 5s", "evaluation_interval: 1s");
        Files.createDirectories(dir.resolve("rules"));
        Files.copy(Repository.path(Rule.FILE), dir.resolve("rules/adpipe.yml"));
        Files.writeString(dir.resolve("prometheus.yml"), config);
        PrometheusServer server = new PrometheusServer(dir, ports.next());
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(server::ready);
        return server;
    }

    private PrometheusServer(Path dir, int port) throws IOException {
        this.port = port;
        this.process = new ProcessBuilder(
                        Tool.PROMETHEUS.path().toString(),
                        "--config.file=" + dir.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + dir.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("prometheus.log").toFile())
                .start();
    }

    private static String replaced(String text, String what, String by) {
        if (!text.contains(what)) {
            throw new IllegalStateException(CONFIG + " has no " + what);
        }
        return text.replace(what, by);
    }

    private boolean ready() throws IOException, InterruptedException {
        return get("/-/ready").statusCode() == 200;
    }

    /**
     * @throws AssertionError if Prometheus refuses it
     */
    List<Point> query(String expression) {
        List<Point> points = new ArrayList<>();
        for (JsonNode series :
                data("/api/v1/query?query=" + encoded(expression)).path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            points.add(new Point(labels, number(series.path("value").path(1).asText())));
        }
        return points;
    }

    /** What Grafana's {@code label_values(selector, label)} gives. */
    List<String> labelValues(String selector, String label) {
        List<String> values = new ArrayList<>();
        data("/api/v1/label/" + label + "/values?match[]=" + encoded(selector)).forEach(it -> values.add(it.asText()));
        return values;
    }

    /** The {@code data} of an answer. */
    JsonNode data(String path) {
        try {
            JsonNode answer = JSON.readTree(get(path.replace("[]", "%5B%5D")).body());
            if (!answer.path("status").asText().equals("success")) {
                throw new AssertionError(path + ": " + answer);
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
