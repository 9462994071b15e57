package dev.adpipe.runtime;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves {@code /metrics} in Prometheus' text format, on a thread of its own, until closed. */
final class MetricsServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

    private final HttpServer server;

    /**
     * @throws ContainerExitException if the port is taken
     */
    MetricsServer(int port, PrometheusMeterRegistry registry) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new ContainerExitException(
                    ExitReason.REFUSED,
                    "cannot serve /metrics at port " + port + ": " + e.getMessage() + "; set runtime.metrics-port",
                    e);
        }
        server.createContext("/metrics", exchange -> {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        log.info("Metrics at http://localhost:{}/metrics", server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
