package dev.adpipe.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code docs/metrics.md} promises, and what a process serves, in the same words: name, type and labels. */
final class MetricsCatalogue {
    private static final Path FILE = Path.of("").toAbsolutePath().resolveSibling("docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("\\| `(adpipe_\\w+)` \\| (\\w+) \\| ([\\w, ]*)\\|.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (adpipe_\\w+) (\\w+)");
    private static final Pattern SAMPLE = Pattern.compile("(adpipe_\\w+)\\{(.*)} \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private MetricsCatalogue() {}

    /** {@code name type [labels]} of the metrics whose name begins like this, the labels that all of them have not named. */
    static Set<String> documented(String prefix, String... without) throws IOException {
        Set<String> all = new TreeSet<>();
        for (String line : Files.readAllLines(FILE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()
                    && row.group(1).startsWith(prefix)
                    && Stream.of(without).noneMatch(row.group(1)::startsWith)) {
                all.add(row.group(1) + " " + row.group(2) + " "
                        + labels(row.group(3).split("[, ]+")));
            }
        }
        return all;
    }

    /** The same of a scrape. */
    static Set<String> served(String scrape, Set<String> common) {
        TreeMap<String, String> types = new TreeMap<>();
        TreeMap<String, Set<String>> labels = new TreeMap<>();
        for (String line : scrape.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                String name = types.containsKey(sample.group(1))
                        ? sample.group(1)
                        : sample.group(1).replaceAll("_(bucket|count|sum)$", "");
                Set<String> of = labels.computeIfAbsent(name, n -> new TreeSet<>());
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    of.add(label.group(1));
                }
            }
        }
        Set<String> all = new TreeSet<>();
        types.forEach((name, type) -> {
            Set<String> of = labels.getOrDefault(name, new TreeSet<>());
            if (!of.containsAll(common)) {
                throw new AssertionError(name + " has the labels " + of + ", not all of " + common);
            }
            of.removeAll(common);
            of.remove("le");
            all.add(name + " " + type + " " + of);
        });
        return all;
    }

    private static Set<String> labels(String[] words) {
        Set<String> labels = new TreeSet<>(Set.of(words));
        labels.remove("");
        return labels;
    }

    /** What a local port answers, whatever the status. */
    static HttpResponse<String> get(int port, String path) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
