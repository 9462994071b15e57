package dev.adpipe.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics} in Prometheus' text format, {@code /health/live} and {@code /health/ready}, on threads of its own,
 * until closed. Health is answered with 200 or 503 and a few words of JSON.
 */
final class MetricsServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

    /** A slow scrape must not make the process look dead. */
    private static final int THREADS = 2;

    private final HttpServer server;
    private final ExecutorService threads;

    /**
     * @throws ContainerExitException if the port is taken
     */
    MetricsServer(int port, PrometheusMeterRegistry registry, Health health) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new ContainerExitException(
                    ExitReason.REFUSED,
                    "cannot serve /metrics at port " + port + ": " + e.getMessage() + "; set runtime.metrics-port",
                    e);
        }
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "adpipe-metrics");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape()));
        health("/health/live", health::live);
        health("/health/ready", health::ready);
        server.start();
        log.info("Metrics at http://localhost:{}/metrics", server.getAddress().getPort());
    }

    private void health(String path, Supplier<Health.Answer> ask) {
        server.createContext(path, exchange -> {
            Health.Answer answer = ask.get();
            answer(exchange, answer.ok() ? 200 : 503, "application/json; charset=utf-8", answer.body());
        });
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
