package dev.adpipe.deploy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The metrics of several jobs at one port. The monitor asks each member's host at the definition's port; in production every
 * container has a host of its own, and here they share one.
 */
final class JoinedMetrics implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> targets;
    private final HttpServer server;

    /**
     * @param targets {@code host:port} of each
     */
    JoinedMetrics(int port, List<String> targets) {
        this.targets = targets;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/metrics", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String target : targets) {
            all.append(text(target));
        }
        byte[] body = all.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Nothing of one that is stopped. */
    private String text(String target) {
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://" + target + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
