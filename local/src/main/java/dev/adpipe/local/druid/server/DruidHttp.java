package dev.adpipe.local.druid.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** HTTP as Druid's nodes speak it, without passwords. Thread-safe. */
final class DruidHttp {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Duration patience;

    /**
     * @param patience how long an answer may take
     */
    DruidHttp(Duration patience) {
        this.patience = patience;
    }

    /** Whether a GET is answered with 200; if it is not answered, it is not. */
    boolean isOk(URI url) throws InterruptedException {
        try {
            return client.send(request(url).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    HttpResponse<String> post(URI url, String json) throws IOException, InterruptedException {
        return client.send(
                request(url)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(URI url) {
        return HttpRequest.newBuilder(url).timeout(patience);
    }
}
