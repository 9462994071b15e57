package dev.adpipe.local.scaling;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What only the jobs know: how busy they are. Their {@code /metrics} are asked where the group says that its members are, at
 * the definition's port; a process that does not answer has no sample. Used by one thread.
 */
public final class JobScrape {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String UTILIZATION = "adpipe_utilization_ratio";
    private static final String BUSY = "adpipe_busy_seconds_total";
    private static final String COMMITS = "adpipe_commit_seconds_sum";
    private static final String RUNNING = "adpipe_tasks_running";
    private static final Pattern SAMPLE =
            Pattern.compile("(" + String.join("|", UTILIZATION, BUSY, COMMITS, RUNNING) + ")\\{([^}]*)} ([0-9.eE+-]+)");
    private static final Pattern STAGE = Pattern.compile("stage=\"([^\"]*)\"");
    private static final Pattern CONTAINER = Pattern.compile("container=\"([^\"]*)\"");

    private record Id(String stage, String container) {}

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final int port;
    private final List<String> ours;

    /**
     * @param port 0: the jobs serve no metrics, and there are never samples
     */
    public JobScrape(String customer, String pipeline, int port) {
        this.port = port;
        this.ours = List.of("customer=\"" + customer + "\"", "pipeline=\"" + pipeline + "\"");
    }

    /** All containers of the pipeline that answer at these hosts. */
    public List<ContainerSample> containers(Collection<String> hosts) {
        List<ContainerSample> found = new ArrayList<>();
        if (port != 0) {
            hosts.forEach(host -> found.addAll(parse(text(host))));
        }
        return found;
    }

    List<ContainerSample> parse(String scrape) {
        Map<Id, Map<String, Double>> values = new HashMap<>();
        for (String line : scrape.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.lookingAt() && ours.stream().allMatch(sample.group(2)::contains)) {
                Matcher stage = STAGE.matcher(sample.group(2));
                Matcher container = CONTAINER.matcher(sample.group(2));
                if (stage.find() && container.find()) {
                    values.computeIfAbsent(new Id(stage.group(1), container.group(1)), id -> new HashMap<>())
                            .put(sample.group(1), Double.valueOf(sample.group(3)));
                }
            }
        }
        List<ContainerSample> all = new ArrayList<>();
        values.forEach((id, of) -> {
            // A scrape at the very start of a process may lack some.
            if (of.size() == 4) {
                all.add(new ContainerSample(
                        id.stage(),
                        id.container(),
                        of.get(UTILIZATION),
                        of.get(BUSY),
                        of.get(COMMITS),
                        of.get(RUNNING).intValue()));
            }
        });
        return all;
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
