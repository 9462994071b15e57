package dev.adpipe.local.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/**
 * An HTTP server that keeps supervisors as an overlord does. Like Druid 33 it names what it does not know, and fills
 * specifications up with defaults of its own. What {@link #answer} is given comes before that.
 */
public final class FakeOverlord implements AutoCloseable {
    private static final String SUPERVISORS = "/druid/indexer/v1/supervisor";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final String scheme;
    private final Map<String, ObjectNode> specs = new ConcurrentHashMap<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private FakeOverlord(HttpServer server, String scheme, Optional<String> userAndPassword) {
        this.server = server;
        this.scheme = scheme;
        var context = server.createContext("/", exchange -> {
            try (exchange) {
                handle(exchange);
            }
        });
        userAndPassword.ifPresent(pair -> context.setAuthenticator(new BasicAuthenticator("druid") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return pair.equals(user + ":" + password);
            }
        }));
        server.start();
    }

    public static FakeOverlord start() {
        return start(Optional.empty());
    }

    static FakeOverlord start(Optional<String> userAndPassword) {
        try {
            return new FakeOverlord(HttpServer.create(anyPort(), 0), "http", userAndPassword);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FakeOverlord startTls(SSLContext tls, boolean wantsCertificate) {
        try {
            HttpsServer server = HttpsServer.create(anyPort(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    var settings = tls.getDefaultSSLParameters();
                    settings.setNeedClientAuth(wantsCertificate);
                    parameters.setSSLParameters(settings);
                }
            });
            return new FakeOverlord(server, "https", Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    public URI address() {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
    }

    /** Method, path and body of each, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** What is answered to a request from now on, such as {@code POST /druid/..}: code, a blank, body. */
    public void answer(String request, String codeAndBody) {
        answers.put(request, codeAndBody);
    }

    public ObjectNode spec(String id) {
        return specs.get(id);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " " + path;
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(request + (body.isEmpty() ? "" : " " + body));
        String canned = answers.get(request);
        if (canned != null) {
            int blank = canned.indexOf(' ');
            int code = Integer.parseInt(canned.substring(0, blank));
            String text = canned.substring(blank + 1);
            if (code == 307) {
                exchange.getResponseHeaders().set("Location", text);
            }
            reply(exchange, code, text);
        } else if (path.equals(SUPERVISORS)) {
            submit(exchange, (ObjectNode) JSON.readTree(body));
        } else {
            String[] rest = path.substring(SUPERVISORS.length() + 1).split("/");
            ObjectNode spec = specs.get(rest[0]);
            if (spec == null) {
                reply(exchange, 404, "{\"error\":\"[" + rest[0] + "] does not exist\"}");
                return;
            }
            if (rest.length > 1 && rest[1].equals("suspend")) {
                spec.put("suspended", true);
            } else if (rest.length > 1 && rest[1].equals("resume")) {
                spec.put("suspended", false);
            }
            reply(exchange, 200, spec.toString());
        }
    }

    private void submit(HttpExchange exchange, ObjectNode spec) throws IOException {
        JsonNode id = spec.at("/spec/dataSchema/dataSource");
        ((ObjectNode) spec.at("/spec/ioConfig")).put("pollTimeout", 100);
        specs.put(id.asText(), spec);
        reply(exchange, 200, JSON.createObjectNode().set("id", id).toString());
    }

    private static void reply(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
