package dev.adpipe.local.monitor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What only the jobs know: how busy they are. Their {@code /metrics} are asked where the group says that its members are, at
 * the definition's port; a process that does not answer has no utilization. Used by one thread.
 */
final class JobScrape {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Pattern UTILIZATION = Pattern.compile("adpipe_utilization_ratio\\{([^}]*)} ([0-9.eE+-]+)");
    private static final Pattern STAGE = Pattern.compile("stage=\"([^\"]*)\"");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final int port;
    private final List<String> ours;

    JobScrape(String customer, String pipeline, int port) {
        this.port = port;
        this.ours = List.of("customer=\"" + customer + "\"", "pipeline=\"" + pipeline + "\"");
    }

    /** The largest utilization of each stage; none if the definition has no port. */
    Map<String, Double> utilization(Collection<String> hosts) {
        Map<String, Double> largest = new HashMap<>();
        if (port == 0) {
            return largest;
        }
        for (String host : hosts) {
            for (String line : text(host).lines().toList()) {
                Matcher sample = UTILIZATION.matcher(line);
                if (sample.lookingAt() && ours.stream().allMatch(sample.group(1)::contains)) {
                    Matcher stage = STAGE.matcher(sample.group(1));
                    if (stage.find()) {
                        largest.merge(stage.group(1), Double.valueOf(sample.group(2)), Math::max);
                    }
                }
            }
        }
        return largest;
    }

    private String text(String host) {
        String name = host.contains(":") ? "[" + host + "]" : host;
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + name + ":" + port + "/metrics"))
                .timeout(PATIENCE)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
