package dev.adpipe.local.monitor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.adpipe.local.CommandException;
import dev.adpipe.runtime.Clock;
import dev.adpipe.schemas.definition.PipelineDefinition;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Watches pipelines from outside their jobs, and serves what it sees: {@code /} is a page, {@code /metrics} is for Prometheus,
 * {@code /api/state} is what the page reads. It only reads. Thread-safe.
 */
public final class Monitor implements AutoCloseable {
    private static final Map<String, String> PAGE = Map.of(
            "/", "index.html",
            "/monitor.js", "monitor.js",
            "/monitor.css", "monitor.css");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8");

    private final List<PipelineWatch> watches;
    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService threads;

    private Monitor(List<PipelineWatch> watches, Clock clock, int port) {
        this.watches = watches;
        this.clock = clock;
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw CommandException.failed(
                    "the monitor cannot listen at port " + port + ": " + e.getMessage() + "; --port chooses another",
                    e);
        }
        threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "adpipe-monitor-http");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::page);
        server.createContext(
                "/metrics",
                exchange -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", MetricsText.of(watches)));
        server.createContext("/api/state", this::state);
    }

    /**
     * Starts to watch and to serve; Kafka need not be there yet.
     *
     * @param port     0: any that is free
     * @param interval between two looks
     * @throws CommandException if the port is taken
     */
    public static Monitor start(Collection<PipelineDefinition> definitions, int port, Duration interval) {
        Monitor monitor = new Monitor(
                definitions.stream()
                        .map(definition -> new PipelineWatch(definition, interval, Clock.SYSTEM))
                        .toList(),
                Clock.SYSTEM,
                port);
        monitor.watches.forEach(PipelineWatch::start);
        monitor.server.start();
        return monitor;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Of the page, on this machine. */
    public String url() {
        return "http://localhost:" + port() + "/";
    }

    private void page(HttpExchange exchange) throws IOException {
        String file = PAGE.get(exchange.getRequestURI().getPath());
        if (file == null) {
            send(exchange, 404, "text/plain; charset=utf-8", "there is /, /metrics and /api/state\n");
            return;
        }
        try (InputStream in = Monitor.class.getResourceAsStream(file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            send(exchange, 200, TYPES.get(file.substring(file.indexOf('.') + 1)), text);
        }
    }

    private void state(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        long since = query.matches("since=\\d{1,18}") ? Long.parseLong(query.substring("since=".length())) : 0;
        send(exchange, 200, "application/json; charset=utf-8", StateJson.of(watches, clock.millis(), since));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        watches.forEach(PipelineWatch::close);
    }
}
